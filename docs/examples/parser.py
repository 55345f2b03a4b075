"""A parser of TradingView's socket for `feedtape diff TAPE --parser 'python3 parser.py'` (docs/PARSERS.md).

Reads a tape's lines on standard input, writes quote updates on standard output. Standard library only.
"""
import json
import re
import sys

HEADER = re.compile(r"~m~(\d+)~m~")
FIELDS = {"lp": "last", "bid": "bid", "ask": "ask", "volume": "volume"}


def packets(text):
    """The parts of a message; LEN counts UTF-16 units."""
    units = text.encode("utf-16-le")
    at = 0
    while at < len(units):
        header = HEADER.match(units[at:at + 64].decode("utf-16-le", "replace"))
        if header is None:
            return
        start = at + 2 * header.end()
        at = start + 2 * int(header.group(1))
        yield units[start:at].decode("utf-16-le", "surrogatepass")


for line in sys.stdin:
    entry = json.loads(line)
    if entry["kind"] != "frame" or entry["dir"] != "in" or "text" not in entry:
        continue
    for packet in packets(entry["text"]):
        # Prices stay as they were written: a float would be another number.
        message = json.loads(packet, parse_float=str, parse_int=str) if packet.startswith("{") else {}
        if message.get("m") != "qsd" or message["p"][1].get("s") != "ok":
            continue
        session, data = message["p"]
        said = {FIELDS[key]: value for key, value in data["v"].items() if key in FIELDS}
        if said:
            update = {"kind": "quote", "seq": entry["seq"], "session": session, "name": data["n"], "fields": said}
            print(json.dumps(update), flush=True)
