"""Lines proven many at once: what one by one would not be trusted is not trusted so either."""

import pytest

from store.canon import trusted
from store.lines import CHUNK, ZERO, LineError, build, chunks, entry_head, prove, prove_lines, prove_row

HEAD = entry_head("2026-11-23T09:00:00+00:00", "office", "attendance", "mark.drafted", "P-1", None)
PARTS = (
    [],
    [
        {
            "op": [
                {"file": "pupils", "table": "pupils", "put": {"1": {"id": "P-1", "name": "Ana\nMaria é"}}}
            ],
            "salt": "A",
        }
    ],
    [{"gone": "a" * 64}, {"op": [], "salt": ""}],
)


def lines() -> list[bytes]:
    prev, made = ZERO, []
    for seq, parts in enumerate(PARTS, 1):
        raw, entry = build(HEAD, seq, prev, [trusted(part) for part in parts])
        prev = entry.hash
        made.append(raw)
    return made


def test_they_are_what_one_by_one_gives() -> None:
    rows = lines()
    found = prove_lines(b"".join(rows))
    assert found is not None
    assert found[0] == [prove(row) for row in rows]
    assert found[1] == [len(b"".join(rows[: count + 1])) for count in range(len(rows))]


def test_no_byte_can_be_another() -> None:
    raw = b"".join(lines())
    for at in range(len(raw)):
        for byte in {raw[at] ^ 1, raw[at] ^ 0x20, 0, 10, 32} - {raw[at]}:
            assert prove_lines(raw[:at] + bytes([byte]) + raw[at + 1 :]) is None, (at, byte)
        assert prove_lines(raw[:at] + raw[at + 1 :]) is None, at


@pytest.mark.parametrize("more", [b"\n", b"\r\n", b" ", b"{}\n", b"\x00", b"null\n", b"[1.5]\n"])
def test_nothing_can_stand_between_or_behind(more: bytes) -> None:
    rows = lines()
    assert prove_lines(b"".join(rows) + more) is None
    assert prove_lines(rows[0] + more + rows[1]) is None
    assert prove_lines(more + rows[0]) is None


def test_a_hash_of_another_length_is_refused_in_words() -> None:
    row = lines()[0][:-1]
    short = row.replace(prove_row(row).entry.hash.encode(), b"")
    with pytest.raises(LineError, match="does not have its hash"):
        prove_row(short)
    assert prove_lines(short + b"\n") is None


def test_chunks_end_with_lines() -> None:
    row = b"x" * 1000 + b"\n"
    raw = row * 200 + b"y" * (2 * CHUNK) + b"\n" + row + b"torn"
    found = list(chunks(raw))
    assert b"".join(found) == raw
    assert all(chunk.endswith(b"\n") for chunk in found[:-1])
    assert found[-1].endswith(b"torn")
    assert list(chunks(b"")) == []
