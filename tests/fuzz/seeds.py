"""Writes the seeds of each fuzz target into `corpus/`: texts of its kind that the parity and query cases hold."""

import hashlib
import pathlib
import re
import tomllib

FOLDER = pathlib.Path(__file__).parent
CASES = FOLDER.parent / "parity/cases"
QUERIES = FOLDER.parent / "query/cases.toml"


def texts(value):
    """Yields every text inside of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(name)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def after(case, option):
    """Yields the values of an option in a case's words."""
    words = case.get("argv", []) + case.get("with", [])
    for word, following in zip(words, words[1:] + [""]):
        if word == option:
            yield following
        elif word.startswith(option + "="):
            yield word.split("=", 1)[1]


def replies(case):
    """Yields the replies of a case's servers as bytes."""
    for holder in [case, *case.get("servers", {}).values()]:
        yield from map(composed, holder.get("replies", []))


def composed(reply):
    """Returns a reply as the server of the cases sends it."""
    if "raw" in reply:
        return reply["raw"].encode("latin-1", "replace")
    body = reply.get("body", "").encode()
    head = f"HTTP/1.1 {reply.get('status', 200)} x\r\n"
    for name, values in reply.get("headers", {}).items():
        for value in [values] if isinstance(values, str) else values:
            head += f"{name}: {value}\r\n"
    if reply.get("framing", "length").startswith("chunked"):
        head += "Transfer-Encoding: chunked\r\n\r\n"
        return head.encode("latin-1", "replace") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return (head + f"Content-Length: {len(body)}\r\n\r\n").encode("latin-1", "replace") + body


def seeds(case):
    """Yields (target, text) of a case."""
    for value in after(case, "--lifecycle"):
        yield ("json" if value.lstrip().startswith("{") else "shorthand"), value.lstrip().removeprefix("{")
    for value in after(case, "--cli-input-json"):
        yield "json", value
    for value in after(case, "--query"):
        yield "query", value
    for value in after(case, "--endpoint-url"):
        yield "url", value
    for value in texts(case):
        if re.match("fileb?://", value):
            yield "paramfile", value.split("://", 1)[1]
        elif re.match("https?://", value):
            yield "url", value
        elif value.lstrip().startswith("<") and "</" in value:
            yield "xml", value
        for date in re.findall(r"\d{4}-\d\d-\d\d[T ][\d:.]+[\w:+-]*|\w{3}, \d\d \w{3} \d{4} [\d:]+ \w+", value):
            yield "date", date
    for file in case.get("files", {}).values():
        text = file if isinstance(file, str) else file.get("text", "")
        if "[" in text and "=" in text:
            yield "ini", text


def main():
    """Writes all seeds, each once."""
    found = set()
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text()).get("case", []):
            found.update((target, text.encode("utf-8", "surrogatepass")) for target, text in seeds(case))
            found.update(("response", reply) for reply in replies(case))
    if QUERIES.exists():
        for group in tomllib.loads(QUERIES.read_text())["group"]:
            found.update(("query", expression.encode()) for expression in group["expressions"])
    for target, data in found:
        folder = FOLDER / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


main()
