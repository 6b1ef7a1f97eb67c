#!/usr/bin/env python3
"""Records how a running Apache Cassandra 5.0 orders, validates and parses values of every CQL type.

usage: record_types.py HOST PORT RESOURCE_DIR

Writes the golden files that the tests of io.helenus.engine.types read. Standard library only; speaks
the native protocol (v4) itself, so that any bytes can be bound. The format of the files: one record a
line, tab-separated, first field its kind; bytes are hex, no bytes are "-".
"""
import pathlib
import random
import socket
import struct
import sys

KEYSPACE = "golden_types"


# ---- native protocol ------------------------------------------------------------------------------
class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Connection:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=60)
        self.call(0x01, struct.pack(">H", 1) + text("CQL_VERSION") + text("3.0.0"))

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def call(self, opcode, body):
        self.socket.sendall(struct.pack(">BBhBI", 4, 0, 1, opcode, len(body)) + body)
        _, flags, _, answer, length = struct.unpack(">BBhBI", self.read(9))
        body = self.read(length)
        if flags & 0x08:  # warnings
            (count,) = struct.unpack_from(">H", body)
            at = 2
            for _ in range(count):
                at += 2 + struct.unpack_from(">H", body, at)[0]
            body = body[at:]
        if answer == 0x00:
            code, size = struct.unpack_from(">iH", body)
            raise Refused(code, body[6:6 + size].decode("utf-8", "replace"))
        return body

    def query(self, cql, values=()):
        """Rows of bytes (or None), for answers of kind rows; otherwise an empty list."""
        body = self.raw(cql, values)
        (kind,) = struct.unpack_from(">i", body)
        if kind != 2:
            return []
        at, columns = metadata_end(body, 4)
        (rows,) = struct.unpack_from(">i", body, at)
        at += 4
        result = []
        for _ in range(rows):
            row = []
            for _ in range(columns):
                (size,) = struct.unpack_from(">i", body, at)
                at += 4
                row.append(None if size < 0 else body[at:at + size])
                at += max(size, 0)
            result.append(row)
        return result

    def raw(self, cql, values=()):
        encoded = cql.encode("utf-8")
        body = struct.pack(">I", len(encoded)) + encoded + struct.pack(">H", 1)
        if values:
            body += struct.pack(">BH", 1, len(values)) + b"".join(bytes_of(v) for v in values)
        else:
            body += b"\0"
        return self.call(0x07, body)


def text(string):
    encoded = string.encode("utf-8")
    return struct.pack(">H", len(encoded)) + encoded


def bytes_of(value):
    return struct.pack(">i", -1) if value is None else struct.pack(">i", len(value)) + value


def option_end(body, at):
    (kind,) = struct.unpack_from(">H", body, at)
    at += 2
    if kind == 0:
        return at + 2 + struct.unpack_from(">H", body, at)[0]
    if kind in (0x20, 0x22):
        return option_end(body, at)
    if kind == 0x21:
        return option_end(body, option_end(body, at))
    if kind == 0x31:
        (count,) = struct.unpack_from(">H", body, at)
        at += 2
        for _ in range(count):
            at = option_end(body, at)
        return at
    if kind == 0x30:
        for _ in range(2):
            at += 2 + struct.unpack_from(">H", body, at)[0]
        (count,) = struct.unpack_from(">H", body, at)
        at += 2
        for _ in range(count):
            at += 2 + struct.unpack_from(">H", body, at)[0]
            at = option_end(body, at)
        return at
    return at


def metadata_end(body, at):
    flags, columns = struct.unpack_from(">ii", body, at)
    at += 8
    if flags & 2:
        raise RuntimeError("paged")
    if flags & 1:
        for _ in range(2):
            at += 2 + struct.unpack_from(">H", body, at)[0]
    for _ in range(columns):
        for _ in range(1 if flags & 1 else 3):
            at += 2 + struct.unpack_from(">H", body, at)[0]
        at = option_end(body, at)
    return at, columns


def last_option(body):
    """The type of the only column of an answer, as sent."""
    flags, columns = struct.unpack_from(">ii", body, 4)
    assert flags & 1 and columns == 1
    at = 12
    for _ in range(3):
        at += 2 + struct.unpack_from(">H", body, at)[0]
    return body[at:option_end(body, at)]


# ---- values ---------------------------------------------------------------------------------------
def collection(*parts):
    return struct.pack(">i", len(parts)) + b"".join(bytes_of(p) for p in parts)


def mapping(*pairs):
    return struct.pack(">i", len(pairs)) + b"".join(bytes_of(k) + bytes_of(v) for k, v in pairs)


def components(*parts):
    return b"".join(bytes_of(p) for p in parts)


def i8(n):
    return struct.pack(">b", n)


def i16(n):
    return struct.pack(">h", n)


def i32(n):
    return struct.pack(">i", n)


def i64(n):
    return struct.pack(">q", n)


def f32(x):
    return struct.pack(">f", x)


def f64(x):
    return struct.pack(">d", x)


def varint(n):
    return n.to_bytes((n if n >= 0 else ~n).bit_length() // 8 + 1, "big", signed=True)


def decimal(unscaled, scale):
    return struct.pack(">i", scale) + varint(unscaled)


def vint(n):
    assert 0 <= n < 128
    return bytes([n])


def h(*hexes):
    return [bytes.fromhex(x) for x in hexes]


def uuids():
    rng = random.Random(7)
    result = []
    for version in range(16):
        for low in ("0000000000000000", "7fffffffffffffff", "8000000000000000", "807f80ff007f0180"):
            high = rng.getrandbits(64)
            high = high & ~0xF000 | version << 12
            result.append(struct.pack(">Q", high) + bytes.fromhex(low))
    for version in (1, 4):
        for high in (0, 0xFFFFFFFFFFFF0FFF, 0xFFFFFFFF00000000, 0x00000000FFFF0000, 0x0FFF,
                     0x8000000000000000, 0x80000000, 0x8000, 0x0800):
            high = high & ~0xF000 | version << 12
            result.append(struct.pack(">QQ", high, 0x8000000000000001))
    return result


def timeuuids():
    result = [u for u in uuids() if u[6] >> 4 == 1]
    high = 0x0000000100021003
    for low in (0, 1, 0x7F, 0x80, 0xFF, 0x7F00, 0x8000, 0xFF00, 0x7FFFFFFFFFFFFFFF,
                0x8000000000000000, 0x80FFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0x817F7F7F7F7F7F7F,
                0x8180808080808080, 0x0100000000000000, 0xFE00000000000000):
        result.append(struct.pack(">QQ", high, low))
    return result


STRINGS = [b"", b"a", b"a\0", b"a\0\0", b"a\0\1", b"a\0b", b"\0", b"\0\0", b"\0\1", b"b", b"ab", b"aa",
           b"a\1", b"A", "é".encode(), "€".encode(), "\U0001F600".encode(), b"a\x7f", b"~"]
BLOBS = [b"", b"\0", b"\0\0", b"\0\xff", b"\xff", b"\xff\xff", b"\xff\0", b"\xff\0\0", b"\x01", b"\x7f",
         b"\x80", b"a", b"a\0", b"a\0\0", b"a\0\xff", b"a\0\xfe", b"a\xff", b"\0\0\xff", b"\0\xff\0"]
INTS = [0, 1, -1, 127, 128, -128, -129, 32767, -32768, 2**31 - 1, -2**31]
FLOATS = h("00000000", "80000000", "3f800000", "bf800000", "7f800000", "ff800000", "7fc00000", "ffc00000",
           "7fc00001", "ffffffff", "7f800001", "ff800001", "00000001", "80000001", "7f7fffff", "ff7fffff",
           "3f800001", "00800000", "80800000") + [b""]
DOUBLES = h("0000000000000000", "8000000000000000", "3ff0000000000000", "bff0000000000000",
            "7ff0000000000000", "fff0000000000000", "7ff8000000000000", "fff8000000000000",
            "7ff8000000000001", "ffffffffffffffff", "7ff0000000000001", "fff0000000000001",
            "0000000000000001", "8000000000000001", "7fefffffffffffff", "ffefffffffffffff",
            "3ff0000000000001") + [b""]
VARINTS = [varint(n) for n in (
    0, 1, -1, 127, 128, -128, -129, 255, 256, -255, -256, -257, 32767, 32768, -32768, -32769, 2**63 - 1,
    2**63, -2**63, -2**63 - 1, 2**64, 10**30, -10**30, 2**1015 - 1, 2**1015, 2**1016, -2**1015,
    -2**1015 - 1, -2**1016, 2**1023, -2**1023, 2**2000, -2**2000, 2**2000 + 1)] + h(
    "0000", "0001", "ffff", "ff80", "000000ff", "ffffff7f", "00", "0080", "00000080", "ffffffffffffffffffff") + [
    b"", b"\0" * 140 + b"\5", b"\xff" * 140 + b"\xfb"]
DECIMALS = [decimal(*d) for d in (
    (0, 0), (0, 2), (0, -10), (10, 1), (100, 2), (1, 0), (1000, 3), (15, 1), (150, 2), (-15, 1), (-150, 2),
    (1, 10), (-1, 10), (1, -10), (-1, -10), (10**10, 0), (-10**10, 0), (99, 1), (100, 1), (990, 2), (9, 0),
    (101, 2), (1001, 3), (-101, 2), (-1001, 3), (1, 2**31 - 1), (1, -2**31), (-1, 2**31 - 1), (-1, -2**31),
    (10, -2**31), (10**40, 40), (10**40 + 1, 40), (10**40 - 1, 40), (-10**40, 40), (-10**40 + 1, 40),
    (2**63 - 1, 0), (2**63, 0), (-2**63, 0), (-2**63 - 1, 0), (12345678901234567890123, 5),
    (123456789012345678901230, 6), (1, 31), (1, 32), (1, 33), (1, -30), (1, -31), (1, -32), (314, 2),
    (3141, 3), (31, 1), (-314, 2), (-3141, 3), (-31, 1))] + [b"", i32(0) + b"\0\1", i32(1) + b"\xff\xf6"]
INETS = h("00000000", "7f000001", "0a000001", "ffffffff", "01020304", "00" * 16, "00" * 15 + "01",
          "20010db8" + "00" * 11 + "01", "ff" * 16, "0102030400000000" + "00" * 8,
          "01020304" + "ff" * 12, "7f000001" + "00" * 12, "00" * 10 + "ffff01020304") + [b""]
LONGS = [i64(n) for n in INTS + [2**63 - 1, -2**63, 2**32, -2**32]] + [b""]
TIMES = [i64(n) for n in (0, 1, 255, 256, 43200 * 10**9, 86400 * 10**9 - 1)]

LISTS = [collection(*p) for p in (
    (), (i32(0),), (i32(0), i32(0)), (i32(0), i32(1)), (i32(-1),), (i32(-1), i32(5)), (i32(1),), (b"",),
    (b"", b""), (b"", i32(0)), (i32(2**31 - 1),), (i32(-2**31),), (i32(1), i32(-1)))]
SETS = [collection(*p) for p in (
    (), (b"",), (b"a",), (b"a", b"b"), (b"a\0",), (b"a\0\0",), (b"a", b"a\0"), (b"b",), (b"", b"a"),
    (b"b", b"a"), (b"a", b"b", b"a"), (b"ab",), (b"a", b"a"), (b"\xc3\xbf",), (b"c", b"", b"a"))]
MAPS = [mapping(*p) for p in (
    (), ((i32(1), b"a"),), ((i32(1), b"b"),), ((i32(1), b""),), ((i32(2), b""),), ((i32(-1), b"z"),),
    ((i32(1), b"a"), (i32(2), b"a")), ((i32(1), b"a"), (i32(2), b"")), ((i32(2), b"x"), (i32(1), b"y")),
    ((i32(1), b"first"), (i32(1), b"second")), ((b"", b"a"),), ((i32(1), b"a\0"),))]
TUPLES = [components(*p) for p in (
    (), (None,), (None, None), (None, None, None), (i32(1),), (i32(1), None), (i32(1), None, None),
    (i32(1), b"a"), (i32(1), b"a", None), (i32(1), b"a", f64(1.0)), (i32(1), b"a", f64(-0.0)),
    (i32(1), None, f64(1.0)), (i32(0), b"z"), (None, b"a"), (None, b"a", f64(2.0)), (b"", b"a"),
    (i32(1), b"b"), (i32(1), b"a\0"), (i32(-1),), (i32(1), b"", f64(0.0)), (None, None, f64(0.0)),
    (i32(2), None, None), (None, b"", f64(0.0)))]
FIXED_VECTORS = [b"".join(p) for p in (
    (f32(0), f32(0)), (f32(-0.0), f32(0)), (f32(1), f32(-1)), (f32(1), f32(1)), (f32(-1), f32(5)),
    (f32(-2), f32(5)), (bytes.fromhex("7fc00000"), f32(0)), (bytes.fromhex("ffc00001"), f32(0)),
    (f32(float("inf")), f32(0)))]
TEXT_VECTORS = [b"".join(vint(len(x)) + x for x in p) for p in (
    (b"", b""), (b"a", b""), (b"a", b"b"), (b"b", b""), (b"a\0", b""), (b"", b"a"), (b"ab", b""),
    (b"\xc3\xbf", b"a"), (b"a", b"a\0"))]
NESTED = [collection(*[mapping(*m) for m in p]) for p in (
    (), ((),), ((), ()), (((b"a", collection(i32(1))),),), (((b"a", collection(i32(1), i32(2))),),),
    (((b"a", collection()),),), (((b"a\0", collection()),),), (((b"b", collection(i32(-1))),),),
    (((b"a", collection(i32(1))), (b"b", collection())),), (((b"a", collection(i32(1))),), ()))]
UDTS = [components(*p) for p in (
    (), (None,), (i32(1),), (i32(1), None), (i32(1), collection(b"a")), (i32(1), collection()),
    (None, collection(b"a")), (i32(-1), collection(b"a", b"b")), (i32(1), collection(b"a", b"b")),
    (None, None), (b"", None))]
DECIMAL_LISTS = [collection(*p) for p in (
    (decimal(10, 1),), (decimal(100, 2),), (decimal(1, 0), decimal(2, 0)), (decimal(10, 1), decimal(20, 1)),
    (decimal(-1, 0),), (decimal(15, 1),), (varint(0) * 6,))]
VARINT_SETS = [collection(*p) for p in (
    (b"\1",), (b"\0\1",), (b"\0\2", b"\1"), (b"\1", b"\2"), (b"\1", b"\0\1"))]
BOOLEANS = h("00", "01", "02", "ff") + [b""]

ORDERED = [
    ("ascii", [s for s in STRINGS if s.isascii()]), ("text", STRINGS), ("blob", BLOBS),
    ("boolean", BOOLEANS), ("tinyint", [i8(n) for n in (0, 1, -1, 127, -128)]),
    ("smallint", [i16(n) for n in (0, 1, -1, 127, 128, -128, 32767, -32768)]),
    ("int", [i32(n) for n in INTS] + [b""]), ("bigint", LONGS), ("varint", VARINTS),
    ("decimal", DECIMALS), ("float", FLOATS), ("double", DOUBLES), ("uuid", uuids() + [b""]),
    ("timeuuid", timeuuids() + [b""]), ("inet", INETS), ("timestamp", LONGS),
    ("date", h("00000000", "00000001", "7fffffff", "80000000", "80000001", "ffffffff")), ("time", TIMES),
    ("frozen<list<int>>", LISTS), ("frozen<set<text>>", SETS), ("frozen<map<int, text>>", MAPS),
    ("tuple<int, text, double>", TUPLES), ("vector<float, 2>", FIXED_VECTORS),
    ("vector<text, 2>", TEXT_VECTORS), ("frozen<list<map<text, list<int>>>>", NESTED),
    ("frozen<pair>", UDTS), ("frozen<list<decimal>>", DECIMAL_LISTS), ("frozen<set<varint>>", VARINT_SETS),
    ("frozen<list<boolean>>", [collection(*p) for p in ((b"\1",), (b"\2",), (b"\0",), (b"",))]),
    ("frozen<list<float>>", [collection(f) for f in FLOATS]),
    ("tuple<boolean, varint>", [components(*p) for p in (
        (b"\2", b"\0\5"), (b"\1", b"\5"), (b"\0", b"\5"), (b"\2", b""))]),
    ("vector<smallint, 2>", [b"".join(vint(2) + i16(x) for x in p) for p in ((0, 1), (-1, 5), (1, 0))]),
]

BOUND = {
    "frozen<list<int>>": h("", "00", "00000000", "ffffffff", "0000000000", "00000001", "00000001ffffffff",
                           "0000000100000000", "00000001000000040000000102", "000000020000000400000001",
                           "7fffffff", "00000001000000040000", "000000010000000501020304ff",
                           "00000001fffffffe"),
    "list<int>": h("", "00", "00000000", "ffffffff", "0000000000", "00000001ffffffff", "0000000100000000",
                   "000000020000000400000001", "000000010000000501020304ff"),
    "frozen<set<int>>": h("", "00", "00000000", "ffffffff", "00000001ffffffff", "0000000100000000",
                          "0000000200000004000000020000000400000001",
                          "0000000200000004000000010000000400000001", "000000010000000400000001ff"),
    "set<int>": h("", "00000000", "ffffffff", "00000001ffffffff", "0000000100000000",
                  "0000000200000004000000020000000400000001", "0000000200000004000000010000000400000001"),
    "frozen<map<int, int>>": h("", "00000000", "ffffffff", "000000010000000400000001",
                               "000000010000000400000001ffffffff", "00000001ffffffff00000000",
                               "000000010000000400000001000000040000000200"),
    "tuple<int, text>": h("", "00", "ffffffff", "0000000400000001", "00000004000000010000000161",
                          "0000000400000001000000016100", "000000040000000100000001", "00000004000000",
                          "00000003000001", "fffffffe", "000000040000000100000001ff",
                          "ffffffffffffffffffffffff"),
    "frozen<pair>": h("", "00", "ffffffff", "0000000400000001", "00000003000001",
                      "000000040000000100000000", "0000000400000001ffffffffff"),
    "vector<int, 2>": h("", "00", "00000000", "0000000100000002", "000000010000000200",
                        "000000010000000200000003"),
    "vector<text, 2>": h("", "00", "0000", "000000", "01610162", "01ff0162", "0161016200"),
    "duration": h("", "00", "0000", "000000", "00000000", "020200", "020100", "010101", "fe01000000000000000000",
                  "1c06fc1ac003cfe800"),
    "varint": h("", "00", "0000", "0001", "ffff", "7f", "80"),
    "decimal": h("", "00", "000000", "00000000", "0000000000", "000000010a", "00000001000a", "ffffffff05"),
    "text": h("", "00", "61", "c3a9", "c080", "c081", "c1bf", "e08080", "e0a080", "eda080", "f0808080",
              "f0908080", "f48fbfbf", "f4908080", "f7bfbfbf", "f8888080", "80", "c3", "e282", "f09f98", "ff",
              "61c3", "c361", "ef bfbf".replace(" ", "")),
    "ascii": h("", "00", "7f", "80", "ff", "6180"),
    "timeuuid": h("", "00" * 16, "00000000000010008000000000000000", "00000000000040008000000000000000",
                  "0000000000001000ffffffffffffffff", "00" * 15),
    "boolean": h("", "00", "01", "02", "ff", "0001"),
    "time": h("", "0000000000000000", "00004e94914effff", "00004e94914f0000", "ffffffffffffffff"),
}
UNSORTED = collection(i32(2), i32(1), i32(2))
BOUND.update({
    "tuple<frozen<set<int>>>": [components(UNSORTED)],
    "frozen<pair>": BOUND["frozen<pair>"] + [components(i32(1), collection(b"b", b"a"))],
    "pair": [components(i32(1), collection(b"b", b"a"))],
    "vector<frozen<set<int>>, 1>": [vint(len(UNSORTED)) + UNSORTED],
    "frozen<list<frozen<set<int>>>>": [collection(UNSORTED)],
    "list<frozen<set<int>>>": [collection(UNSORTED)],
    "frozen<list<frozen<tuple<frozen<set<int>>>>>>": [collection(components(UNSORTED))],
    "frozen<map<int, frozen<set<int>>>>": [mapping((i32(1), UNSORTED))],
    "frozen<list<frozen<tuple<boolean, varint>>>>": [collection(components(b"\2", b"\0\5"))],
    "frozen<list<boolean>>": [collection(b"\2", b"\0", b"\xff")],
    "list<boolean>": [collection(b"\2", b"\0", b"\xff")],
    "frozen<list<varint>>": [collection(b"\0\5", b"\xff\xff", b"\0\x80", b"\0\0")],
    "frozen<map<varint, boolean>>": [mapping((b"\0\5", b"\2"), (b"\5", b"\0"))],
    "map<varint, boolean>": [mapping((b"\0\5", b"\2"), (b"\6", b"\0"))],
    "frozen<list<decimal>>": [collection(decimal(100, 2), i32(1) + b"\0\0\5", i32(3) + b"\0\0")],
    "frozen<set<decimal>>": [collection(decimal(100, 2), decimal(10, 1), decimal(1, 0))],
    "set<decimal>": [collection(decimal(100, 2), decimal(10, 1), decimal(1, 0))],
    "frozen<list<float>>": [collection(*FLOATS[:-1])],
    "frozen<list<double>>": [collection(*DOUBLES[:-1])],
    "frozen<set<float>>": [collection(*FLOATS[:-1])],
    "frozen<list<duration>>": [collection(bytes.fromhex("00000000"), bytes.fromhex("80000000"))],
    "frozen<list<inet>>": [collection(bytes.fromhex("00" * 10 + "ffff01020304"))],
    "frozen<list<vector<varint, 1>>>": [collection(b"\2\0\5")],
    "vector<varint, 1>": [b"\2\0\5"],
})
LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17]
NATIVES = ["ascii", "bigint", "blob", "boolean", "date", "decimal", "double", "duration", "float", "inet",
           "int", "smallint", "text", "time", "timestamp", "timeuuid", "tinyint", "uuid", "varint"]

NAMES = NATIVES + [
    "varchar", "list<int>", "frozen<list<int>>", "set<text>", "map<text, int>", "frozen<map<text, int>>",
    "list<frozen<list<int>>>", "frozen<list<list<int>>>", "map<int, frozen<set<text>>>", "tuple<int, text>",
    "frozen<tuple<int, text>>", "tuple<list<int>, frozen<set<text>>>", "list<frozen<tuple<int, text>>>",
    "tuple<tuple<int>>", "vector<float, 3>", "vector<text, 2>", "vector<frozen<list<int>>, 2>",
    "vector<vector<float, 2>, 3>", "list<vector<int, 2>>", "tuple<vector<smallint, 2>, int>", "pair",
    "frozen<pair>", "list<frozen<pair>>", "frozen<list<pair>>", "map<text, frozen<pair>>",
    "tuple<pair, int>", 'frozen<"Quoted Type">', '"Quoted Type"', 'frozen<"select">', "frozen<outer_type>",
    "frozen<set<frozen<pair>>>", "'org.apache.cassandra.db.marshal.Int32Type'",
    "'org.apache.cassandra.db.marshal.LexicalUUIDType'",
    "'org.apache.cassandra.db.marshal.ListType(org.apache.cassandra.db.marshal.Int32Type)'",
    "'CompositeType(Int32Type,UTF8Type)'", "'Int32Type'", "'DateType'",
    "'org.apache.cassandra.db.marshal.DynamicCompositeType(a=>org.apache.cassandra.db.marshal.BytesType)'",
    "'x.y.Missing'", "set<duration>", "map<duration, int>", "list<duration>", "map<int, duration>",
    "list<counter>", "list<list<int>>", "tuple<counter>", "vector<int, 0>", "vector<int, 9000>",
    "frozen<int>", "frozen<vector<int, 2>>", "list<pair>", "missing_type", "frozen<set<duration>>",
    "tuple<duration>", "vector<duration, 2>", "set<frozen<list<duration>>>", "set<frozen<tuple<duration>>>",
    "map<text, list<int>>", "vector<list<int>, 2>", "vector<pair, 2>", "empty",
]

LITERALS = {
    "STRING": ["'a'", "''", "'é'", "'it''s'", "'127.0.0.1'", "'::1'", "'1.2'", "'16909060'", "'300.1.1.1'",
               "'::ffff:1.2.3.4'", "'fe80::1%1'", "'2024-05-01'", "'2024-05-01 10:00'", "'2024-05-01T10:00:01'",
               "'2024-05-01 10:00:01.1'", "'2024-05-01 10:00:01.123'", "'2024-05-01 10:00:01.123456789'",
               "'2024-05-01T10:00:01.1234567890Z'", "'2024-05-01T10:00:01.123Z'", "'2024-05-01T10:00Z'",
               "'2024-05-01Z'", "'2024-05-01+0200'", "'2024-05-01 +0200'", "'2024-05-01+02'",
               "'2024-05-01+02:00'", "'2024-05-01 10:00+0200'", "'2024-05-01 10:00 +0200'",
               "'2024-05-01 10:00:01+02:00'", "'2024-05-01 10:00 UTC'", "'2024-05-01 10:00 PST'",
               "'2024-05-01 10:00 GMT+02:00'", "'2024-05-01 10:00 Europe/Paris'",
               "'2024-05-01 10:00 Pacific Standard Time'", "'2024-05-01 UTC'", "'2024-05-01 10:00 CEST'",
               "'2024-05-01 24:00'", "'2024-05-01 10:60'", "'2024-02-30'", "'2024-5-1'", "'2024-5-1 10:00'",
               "'24-05-01'", "'12024-05-01'", "'+12024-05-01'", "'-0001-01-01'", "'0000-01-01'",
               "' 2024-05-01'", "'2024-05-01T10'", "'2024-05-01  10:00'", "'2024-05-01t10:00'",
               "'2024-05-01T10:00z'", "'2024-05-01 10:00:60'", "'2024-05-01 10:00:01.'", "'2024-05-01T1:00'",
               "'2024-13-01'", "'2024-04-31 10:00'", "'99999-01-01 10:00'", "'2024-05-01 10:00 est'",
               "'2024-05-01T10:00:01.123+1'", "'2024-05-01T10:00+02:00:30'", "'2024-05-01 10:00-0230'",
               "'2024-05-01 10:00 Z'", "'2024-05-01 10:00:01 +0000'", "'0'", "'-1'", "'2147483648'",
               "'4294967295'", "'4294967296'", "'-5877641-06-23'", "'-5877641-06-22'", "'+5881580-07-11'",
               "'+5881580-07-12'", "'9223372036854775808'", "'08:12:54'", "'08:12:54.1'",
               "'08:12:54.123456789'", "'08:12:54.1234567890'", "'8:1:2'", "'08:12'", "'24:00:00'",
               "'23:60:00'", "'00:00:60'", "'86399999999999'", "'86400000000000'", "'08:12:54.'",
               "' 08:12:54 '", "'abc'", "'true'", "'1'", "'1h'", "'0x00'",
               "'00010203-0405-1607-8809-0a0b0c0d0e0f'"],
    "INTEGER": ["0", "1", "-1", "127", "128", "-129", "32768", "2147483647", "2147483648", "4294967295",
                "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
                "123456789012345678901234567890", "86399999999999", "86400000000000", "00012", "-0"],
    "FLOAT": ["0.0", "-0.0", "1.5", "1.50", "1e10", "1.0E-5", "1e400", "1e39", "4.9e-325", "NaN", "-NaN",
              "nan", "Infinity", "-Infinity", "infinity", "123456789.123456789", "0.1"],
    "BOOLEAN": ["true", "false", "TRUE", "False"],
    "UUID": ["00010203-0405-4607-8809-0a0b0c0d0e0f", "00010203-0405-1607-8809-0A0B0C0D0E0F",
             "00000000-0000-0000-0000-000000000000"],
    "HEX": ["0x", "0x00", "0xabCD", "0X01", "0x0", "0x00000001", "0x0102030405060708"],
    "DURATION": ["1y2mo3w4d5h6m7s8ms9us10ns", "P1Y2M3DT4H5M6S", "P2W", "P0001-02-03T04:05:06", "-1d",
                 "1h1d", "1d1d", "PT", "P1M", "1m", "0s", "1D", "-P1D", "2147483648mo", "178956970y7mo",
                 "9223372036854775808ns", "9223372036854775807ns", "306783378w", "3000000000w", "1µs",
                 "1us"],
}


# ---- recording ------------------------------------------------------------------------------------
def hexed(value):
    if value is None:
        return "null"
    return value.hex() or "-"


def one_line(message):
    return message.replace("\t", " ").replace("\n", " ")


class Recorder:
    def __init__(self, connection, folder):
        self.connection = connection
        self.folder = folder

    def write(self, name, lines):
        path = self.folder / name
        path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
        print(path, len(lines))

    def keyspace(self):
        self.connection.query(f"DROP KEYSPACE IF EXISTS {KEYSPACE}")
        self.connection.query(
            f"CREATE KEYSPACE {KEYSPACE} WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1} AND durable_writes = false")
        self.connection.query(f"USE {KEYSPACE}")
        self.connection.query("CREATE TYPE pair (number int, tags frozen<set<text>>)")
        self.connection.query('CREATE TYPE "Quoted Type" ("Field A" int, b text)')
        self.connection.query('CREATE TYPE "select" ("from" int)')
        self.connection.query("CREATE TYPE outer_type (inner frozen<pair>, l list<int>)")

    def order(self):
        lines = []
        for number, (cql, values) in enumerate(ORDERED):
            lines.append(("type", cql))
            values = list(values)
            random.Random(number).shuffle(values)
            for index, value in enumerate(values):
                lines.append(("insert", str(index), hexed(value)))
            for direction in ("asc", "desc"):
                table = f"order_{number}_{direction}"
                self.connection.query(
                    f"CREATE TABLE {table} (k int, c {cql}, v int, PRIMARY KEY (k, c)) "
                    f"WITH CLUSTERING ORDER BY (c {direction})")
                refused = []
                for index, value in enumerate(values):
                    try:
                        self.connection.query(
                            f"INSERT INTO {table} (k, c, v) VALUES (0, ?, ?) USING TIMESTAMP {index + 1}",
                            (value, i32(index)))
                    except Refused as reason:
                        refused.append((f"{direction}-refused", str(index), one_line(str(reason))))
                for value, index in self.connection.query(f"SELECT c, v FROM {table}"):
                    lines.append((direction, str(struct.unpack(">i", index)[0]), hexed(value)))
                lines.extend(refused)
            self.connection.query(f"CREATE TABLE partition_{number} (k {cql} PRIMARY KEY, v int)")
            for index, value in enumerate(values):
                try:
                    self.connection.query(
                        f"INSERT INTO partition_{number} (k, v) VALUES (?, ?) USING TIMESTAMP {index + 1}",
                        (value, i32(index)))
                except Refused as reason:
                    lines.append(("partition-refused", str(index), one_line(str(reason))))
            for value, index in self.connection.query(f"SELECT k, v FROM partition_{number}"):
                lines.append(("partition", str(struct.unpack(">i", index)[0]), hexed(value)))
        self.write("order.golden", lines)

    def bound(self):
        lines = []
        cases = {cql: [b"\1" * n for n in LENGTHS] for cql in NATIVES}
        for cql, values in BOUND.items():
            cases[cql] = cases.get(cql, []) + values
        for number, (cql, values) in enumerate(cases.items()):
            table = f"bound_{number}"
            self.connection.query(f"CREATE TABLE {table} (k int PRIMARY KEY, v {cql})")
            lines.append(("type", cql))
            for index, value in enumerate(values):
                try:
                    self.connection.query(
                        f"INSERT INTO {table} (k, v) VALUES (?, ?)", (i32(index), value))
                    rows = self.connection.query(f"SELECT v FROM {table} WHERE k = ?", (i32(index),))
                    lines.append(("accepted", hexed(value), hexed(rows[0][0])))
                except Refused as refused:
                    lines.append(("refused", hexed(value), one_line(str(refused))))
        self.write("bound.golden", lines)

    def literals(self):
        lines = []
        for number, cql in enumerate(NATIVES):
            table = f"literal_{number}"
            self.connection.query(f"CREATE TABLE {table} (k int PRIMARY KEY, v {cql})")
            lines.append(("type", cql))
            for kind, texts in LITERALS.items():
                for literal in texts:
                    try:
                        self.connection.query(f"INSERT INTO {table} (k, v) VALUES (0, {literal})")
                        rows = self.connection.query(f"SELECT v FROM {table} WHERE k = 0")
                        lines.append(("accepted", kind, literal, hexed(rows[0][0])))
                    except Refused as refused:
                        syntax = "syntax" if refused.code == 0x2000 else "refused"
                        lines.append((syntax, kind, literal, one_line(str(refused))))
        self.write("literals.golden", lines)

    def names(self):
        lines = []
        for number, cql in enumerate(NAMES):
            table = f"name_{number}"
            try:
                self.connection.query(f"CREATE TABLE {table} (k int PRIMARY KEY, v {cql})")
            except Refused as refused:
                lines.append(("refused", cql, one_line(str(refused))))
                continue
            rows = self.connection.query(
                "SELECT type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ? "
                "AND column_name = 'v'", (KEYSPACE.encode(), table.encode()))
            option = last_option(self.connection.raw(f"SELECT v FROM {table}"))
            lines.append(("accepted", cql, rows[0][0].decode(), option.hex()))
        for number, cql in enumerate(NAMES):
            table = f"key_{number}"
            try:
                self.connection.query(f"CREATE TABLE {table} (k int, c {cql}, PRIMARY KEY (k, c))")
                lines.append(("key", cql))
            except Refused as refused:
                lines.append(("nokey", cql, one_line(str(refused))))
        self.write("names.golden", lines)


def main():
    host, port, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    recorder = Recorder(Connection(host, port), folder)
    recorder.keyspace()
    recorder.order()
    recorder.bound()
    recorder.literals()
    recorder.names()


main()
