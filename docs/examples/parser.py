"""A parser of TradingView's socket for `feedtape diff TAPE --parser 'python3 parser.py'` (docs/PARSERS.md).

Reads a tape's lines on standard input, writes quote updates on standard output. Standard library only.
"""
import json
import re
import sys
from decimal import Context, Decimal

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


class Number(str):
    """A JSON number as it was written: a float would be another one, and a JSON string is none."""


def parsed(packet):
    """The packet's message; an empty one where it is no JSON object."""
    try:
        message = json.loads(packet, parse_float=Number, parse_int=Number)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def spoken(values):
    """The fields that we know, as decimals in strings; None is "has no value now"."""
    said = {}
    for key, value in values.items():
        if key in FIELDS and value is None:
            said[FIELDS[key]] = None
        elif key in FIELDS and isinstance(value, Number):
            decimal = Decimal(value)
            if decimal == Decimal("1e100"):
                said[FIELDS[key]] = None
            elif abs(decimal) < Decimal("1e100"):
                said[FIELDS[key]] = plain(decimal)
    return said


def plain(decimal):
    """A fraction of more than 15 digits is the noise of a double: 2647.1000000000004 is 2647.1."""
    if decimal != decimal.to_integral_value() and len(decimal.as_tuple().digits) > 15:
        decimal = Context(prec=15).create_decimal(decimal)
    return format(decimal, "f")


for line in sys.stdin:
    entry = json.loads(line)
    if entry["kind"] != "frame" or entry["dir"] != "in" or "text" not in entry:
        continue
    for packet in packets(entry["text"]):
        message = parsed(packet)
        try:
            session, data = message["p"]
            name, said = data["n"], spoken(data["v"])
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if said and message.get("m") == "qsd" and data.get("s") == "ok":
            update = {"kind": "quote", "seq": entry["seq"], "session": session, "name": name, "fields": said}
            print(json.dumps(update), flush=True)
