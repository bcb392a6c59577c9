"""A seeded mutator: inputs in order, cut, joined, repeated, and sprinkled with what loaders stumble over."""

import random
from collections.abc import Iterator, Sequence

MOST = 200_000
"""Bytes of the longest input made."""
PIECES = (
    *(
        b'"',
        b"'",
        b"\\",
        b"\n",
        b"\r",
        b"\0",
        b"\t",
        b",",
        b";",
        b"[",
        b"]",
        b"{",
        b"}",
        b"=",
        b":",
        b"#",
        b"-",
    ),
    *(
        b"NaN",
        b"Infinity",
        b"-0",
        b"1e999",
        b"0x",
        b"1_0",
        b"9" * 20,
        b"9" * 5000,
        b"9007199254740993",
        b"1.5",
    ),
    *(b"null", b"true", b"[]", b"{}", b'""', b"[[a]]", b"a.b.c", b'"""', b"'''", b"inf", b"nan"),
    *(
        b"2026-02-30",
        b"0000-00-00",
        b"9999-12-31",
        b"2026-11-23",
        b"31/12/2026",
        b"24:00:00",
        b"2026-11-23T25:00Z",
    ),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x91\xaa",
        b"\xe2\x80\xae",
        b"\x1b[2J",
    ),
    *(b"\\ud800", b"\\u0000", b"\\x", b"=cmd()", b"\xd9\xa3", b"\xc2\xb2", b"-1", b"0", b"1", b"2"),
)


def inputs(seeds: Sequence[bytes], chance: random.Random) -> Iterator[bytes]:
    """Without end: each input is a seed altered one to six times."""
    while True:
        data = chance.choice(seeds)
        for _ in range(chance.randint(1, 6)):
            data = altered(data, seeds, chance)[:MOST]
        yield data


def altered(data: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One alteration."""
    at, to = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    near = min(to, at + chance.choice((1, 2, 8, 40)))
    kind = chance.randrange(9)
    if kind == 0:
        return data[:at] + chance.choice(PIECES) + data[at:]
    if kind == 1:
        return data[:at] + chance.choice(PIECES) + data[near:]
    if kind == 2:
        return data[:at] + data[near:]
    if kind == 3:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if kind == 4:
        return data[:at]
    if kind == 5:
        other = chance.choice(seeds)
        return data[:at] + other[chance.randint(0, len(other)) :]
    if kind == 6:
        return _swapped(data, chance)
    if kind == 7:
        return data[:at] + data[at:near] * chance.choice((2, 3, 50, 3000)) + data[near:]
    return _number(data, chance)


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Two words change places, so that a value stands where another kind is wanted."""
    words = data.split(b" ") if chance.random() < 0.5 else data.split(b",")
    one, two = chance.randrange(len(words)), chance.randrange(len(words))
    words[one], words[two] = words[two], words[one]
    return (b" " if b" " in data else b",").join(words)


def _number(data: bytes, chance: random.Random) -> bytes:
    """A digit becomes another, or many."""
    places = [at for at, byte in enumerate(data[:5000]) if 48 <= byte <= 57]
    if not places:
        return data
    at = chance.choice(places)
    return (
        data[:at]
        + str(chance.choice((0, 1, 2, 7, 9, 13, 32, 99, 2**31, 2**63, 10**40))).encode()
        + data[at + 1 :]
    )
