"""Makes values.json: what a reader must find for each text that Postgres or a JSON source gives.

It knows nothing of Loadin: numbers come from Python's own struct and decimal, days from the calendar's arithmetic. Usage: python make_values.py > values.json
"""

import json
import re
import struct
from decimal import Decimal

LONG = "é" * 5000


def days(text):
    """Days since 1970-01-01 of a date of the proleptic Gregorian calendar; `BC` has no year 0."""
    digits, _, era = text.partition(" ")
    year, month, day = (int(part) for part in digits.split("-"))
    if era == "BC":
        year = 1 - year
    if month <= 2:
        year -= 1
    century = year // 400
    of_century = year - century * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return century * 146097 + of_century * 365 + of_century // 4 - of_century // 100 + of_year - 719468


def micros(text):
    date, time, era = re.fullmatch(r"(\S+) (\S+?)(?:\+00)?( BC)?", text).groups()
    hours, minutes, seconds = time.split(":")
    whole, _, part = seconds.partition(".")
    second = (int(hours) * 60 + int(minutes)) * 60 + int(whole)
    return (days(date + (era or "")) * 86400 + second) * 1000000 + int(part.ljust(6, "0"))


def bits(form):
    return lambda text: struct.pack(f">{form}", float(text)).hex()


def fixed(scale):
    return lambda text: format(Decimal(text), f".{scale}f")


def same(text):
    return text


def case(postgres, arrow, expected, *texts):
    return {"type": postgres, "arrow": arrow, "values": [[text, expected(text)] for text in texts]}


def listed(postgres, arrow, *values):
    return {"type": postgres, "arrow": arrow, "values": [list(value) for value in values]}


COPY = [
    listed("boolean", "bool", ("t", True), ("f", False)),
    case("smallint", "int32", int, "-32768", "0", "32767"),
    case("integer", "int32", int, "2147483647", "-2147483648"),
    case(
        "bigint", "int64", str, "9223372036854775807", "-9223372036854775808", "9007199254740993", "-9007199254740993", "4294967296", "-1"
    ),
    case("oid", "int64", str, "4294967295", "0"),
    case("real", "float", bits("f"), "3.4028235e+38", "1e-45", "0.1", "-0", "NaN", "Infinity", "-Infinity", "1.17549435e-38", "16777216"),
    case(
        "double precision", "double", bits("d"), "1.7976931348623157e+308", "5e-324", "2.2250738585072014e-308", "0.1", "-0",
        "9007199254740993", "NaN", "Infinity", "-Infinity", "1e+100", "123456789.123456789",
    ),
    case("numeric(9,2)", "decimal128(9, 2)", fixed(2), "9999999.99", "-9999999.99", "0.01", "-0.01", "5", "0.00"),
    case("numeric(4,4)", "decimal128(4, 4)", fixed(4), "0.0001", "-0.9999"),
    case("numeric(18,6)", "decimal128(18, 6)", fixed(6), "999999999999.999999", "-999999999999.999999", "0.000001"),
    case("numeric(19,0)", "decimal128(19, 0)", fixed(0), "9999999999999999999", "-9999999999999999999", "1", "-1"),
    case(
        "numeric(38,10)", "decimal128(38, 10)", fixed(10), "9999999999999999999999999999.9999999999",
        "-9999999999999999999999999999.9999999999", "12345678901234.5678", "-0.0000000001", "0",
    ),
    case("numeric", "string", same, "123456789012345678901234567890123456789012345.1234567890", "NaN", "-Infinity", "1.10"),
    case(
        "date", "date32[day]", days, "1970-01-01", "1969-12-31", "2024-02-29", "1900-03-01", "0001-01-01", "0001-12-31 BC",
        "4713-11-24 BC", "9999-12-31", "10000-01-01", "5874897-12-31",
    ),
    case(
        "timestamp without time zone", "timestamp[us]", lambda text: str(micros(text)), "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999",
        "2024-02-29 23:59:59.1", "2300-01-01 00:00:00.000001", "0044-03-15 12:00:00 BC", "294246-12-31 23:59:59.999999",
    ),
    case(
        "timestamp with time zone", "timestamp[us, tz=UTC]", lambda text: str(micros(text)), "2024-01-15 10:30:45.123456+00",
        "0001-01-01 00:00:00+00", "1883-11-18 17:00:00.5+00",
    ),
    case("time without time zone", "string", same, "24:00:00", "10:30:45.123456"),
    case("uuid", "string", same, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    case("interval", "string", same, "1 year 2 mons -3 days +04:05:06.789"),
    case("jsonb", "string", same, '{"b": 1, "a": "tab\\t \\"quoted\\" \\\\"}', "null"),
    case("int4range", "string", same, "[1,10)", "empty"),
    case("inet", "string", same, "::1/128"),
    case(
        "text", "string", same, "", "\\N", "NULL", "a\tb\nc\rd\be\ff\vg\\h", "\u0001\u001f\u007f", "Björk 🎵 \u2028\u2029", "\ufeffwith a mark",
        " padded  ", LONG,
    ),
    case("bytea", "binary", lambda text: text[2:], "\\x", "\\x00ff7f80", "\\x" + bytes(range(256)).hex()),
    listed(
        "bigint[]", "list<element: int64>", ("{}", []), ("{NULL}", [None]), ("{1,NULL,9223372036854775807}", ["1", None, "9223372036854775807"])
    ),
    listed(
        "text[]", "list<element: string>",
        ('{a,"b c","q\\"uo\\\\te","NULL",NULL,"",🎵,"{x}","a,b"}', ["a", "b c", 'q"uo\\te', "NULL", None, "", "🎵", "{x}", "a,b"]),
        ('{"line\nbreak"}', ["line\nbreak"]),
    ),
    listed("boolean[]", "list<element: bool>", ("{t,f,NULL,t,t,t,t,t,t}", [True, False, None, True, True, True, True, True, True])),
    listed("real[]", "list<element: float>", ("{0.1,NaN,-0}", [bits("f")(text) for text in ("0.1", "NaN", "-0")])),
    listed("numeric(20,2)[]", "list<element: decimal128(20, 2)>", ("{-1.50,123456789012345678.99}", ["-1.50", "123456789012345678.99"])),
    listed("bytea[]", "list<element: binary>", ('{"\\\\x00ff","\\\\x"}', ["00ff", ""])),
    listed("date[]", "list<element: date32[day]>", ("{2024-02-29}", [days("2024-02-29")])),
    listed(
        "timestamp with time zone[]", "list<element: timestamp[us, tz=UTC]>",
        ('{"2024-01-15 10:30:45.5+00",NULL}', [str(micros("2024-01-15 10:30:45.5+00")), None]),
    ),
]

# JSON texts; a third member is the text in the canonical JSON, where that is another one.
RECORDS = [
    listed(None, "bool", ("true", True), ("false", False)),
    listed(None, "int64", ("9007199254740991", "9007199254740991"), ("-9007199254740991", "-9007199254740991"), ("0", "0")),
    listed(
        None, "double", *((text, bits("d")(text)) for text in ("1.7976931348623157e+308", "5e-324", "0.1", "3", "1e+21", "-123456789.125")),
        ("-0", bits("d")("-0"), "0"),
    ),
    listed(None, "string", *((json.dumps(text, ensure_ascii=False), text) for text in ("", "Björk 🎵", 'a"b\\c\n', "\u2028", LONG))),
    listed(None, "string", ('{"a":1,"b":[null,{"c":"ö"}]}', '{"a":1,"b":[null,{"c":"ö"}]}'), ("[[1],[2]]", "[[1],[2]]")),
    listed(None, "list<element: int64>", ("[1,null,-2]", ["1", None, "-2"]), ("[]", [])),
    listed(None, "list<element: string>", ('["a",null,""]', ["a", None, ""])),
    listed(None, "list<element: double>", ("[0.5,1]", [bits("d")("0.5"), bits("d")("1")])),
    listed("decimal(12,2)", "decimal128(12, 2)", ('"1234567890.12"', "1234567890.12"), ("0.5", "0.50"), ("-7", "-7.00")),
    listed("timestamptz", "timestamp[us, tz=UTC]", ('"2024-01-15T10:30:45.123456Z"', str(micros("2024-01-15 10:30:45.123456")))),
    listed("date", "date32[day]", ('"2024-02-29"', days("2024-02-29"))),
]

if __name__ == "__main__":
    print(json.dumps({"copy": COPY, "records": RECORDS}, ensure_ascii=False, indent=1))
