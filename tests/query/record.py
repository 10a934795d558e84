"""What version 1 makes of cases.toml, as JSON on standard output; run by its own Python (see evaluations.rs)."""

import io
import json
import sys
import types
import warnings

import awscli  # noqa: F401  (puts its copy of botocore on the path)
from awscli.customizations.globalargs import _resolve_query
from awscli.formatter import get_formatter

FORMATS = ("json", "text", "table")


def outcome(given, expression, name):
    """Standard output, and after it the message of an error."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape", write_through=True)
    error = None
    try:
        options = types.SimpleNamespace(color="off", query=_resolve_query(expression))
        get_formatter(name, options)("StartCopyJob", json.loads(given), stream=stream)
    except Exception as raised:
        error = str(raised).encode("utf-8", "backslashreplace").decode()
    shown = raw.getvalue().decode("utf-8", "backslashreplace")
    return shown if error is None else [shown, error]


warnings.simplefilter("ignore")
groups = json.load(sys.stdin)
golden = {
    group["name"]: {
        expression: {name: outcome(group["given"], expression, name) for name in FORMATS}
        for expression in group["expressions"]
    }
    for group in groups
}
json.dump(golden, sys.stdout, indent=1, ensure_ascii=False)
print()
