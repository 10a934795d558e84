"""Writes the replies of the parity cases as seeds: tests/fuzz/corpus/response/*."""

import pathlib
import tomllib

HERE = pathlib.Path(__file__).parent


def replies(case):
    """Yields all replies of a case's servers."""
    yield from case.get("replies", [])
    for server in case.get("servers", {}).values():
        yield from server.get("replies", [])


def composed(reply):
    """Returns a reply as bytes, as the server of the cases sends it."""
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


folder = HERE / "corpus" / "response"
folder.mkdir(parents=True, exist_ok=True)
seeds = set()
for file in sorted((HERE.parent / "parity" / "cases").glob("*.toml")):
    for case in tomllib.loads(file.read_text())["case"]:
        seeds.update(composed(reply) for reply in replies(case))
for number, seed in enumerate(sorted(seeds)):
    (folder / f"{number:04}").write_bytes(seed)
print(len(seeds), "seeds")
