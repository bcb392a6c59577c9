"""The log under damage: every byte flipped, cut and zeroed; only an unfinished end is ever cut off."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from storekit import NEXT, everything, head

from store.canon import canonical, digest
from store.errors import ReadOnlyError, StoreError
from store.folder import Store
from store.lines import LineError, build, entry_head, prove
from store.verifying import verify


def segments(path: Path) -> list[Path]:
    return sorted((path / "log").iterdir())


def test_any_single_byte_changed_is_named_with_file_and_line(store: Store, path: Path) -> None:
    store.close()
    assert store.verify().whole
    tried = 0
    for segment in segments(path):
        good = segment.read_bytes()
        for at, byte in enumerate(good):
            bad = bytes([byte ^ 1 if at % 3 else (byte + 37) % 256])
            segment.write_bytes(good[:at] + bad + good[at + 1 :])
            verdict = verify(path)
            number = good[:at].count(b"\n") + 1
            places = {(problem.file, problem.line) for problem in verdict.problems}
            assert not verdict.whole, (segment.name, at)
            assert (f"log/{segment.name}", number) in places, (segment.name, at, verdict.problems)
            tried += 1
        segment.write_bytes(good)
    assert tried > 3000
    assert verify(path).whole


def test_bytes_that_still_are_json_do_not_pass(store: Store, path: Path) -> None:
    """Other bytes with the same meaning: a proof by meaning alone would miss them."""
    raw = segments(path)[0].read_bytes().split(b"\n")[2] + b"\n"
    assert prove(raw).entry.seq == 3
    for bad in (
        raw.replace(b":", b": ", 1),
        raw.replace(b'"act"', b'"\\u0061ct"', 1),
        raw.replace(b'"seq":3', b'"seq":3.0'),
        raw.replace(b'"seq":3', b'"seq":3,"seq":3'),
        raw.replace(b'"why":null', b'"why":null,"x":1'),
        b" " + raw,
        raw[:-1] + b" \n",
        raw[:-1] + b"\r\n",
        raw * 2,
    ):
        with pytest.raises(LineError):
            prove(bad)


@pytest.mark.parametrize("fill", ["cut", "zeros"])
def test_an_unfinished_end_at_every_byte_is_ignored_then_cut_and_logged(
    store: Store, path: Path, tmp_path: Path, fill: str
) -> None:
    before, old = everything(store), store.head.hash
    with store.change(**head(at=NEXT)) as tx:
        tx.put("cases", "cases", {"id": "C-1"})
    store.close()
    segment = segments(path)[-1]
    good = segment.read_bytes()
    start = good[:-1].rfind(b"\n") + 1
    for count in range(1, len(good) - start):
        kept = good[: start + count]
        segment.write_bytes(kept if fill == "cut" else kept.ljust(len(good), b"\x00"))
        reader = Store.open(path, readonly=True)
        assert everything(reader) == before
        assert any("unfinished" in words for words in reader.remarks)
        verdict = reader.verify()
        assert (verdict.whole, verdict.problems, verdict.head) == (True, (), (6, old))
        assert verdict.tail is not None
        assert (verdict.tail.file, verdict.tail.line) == (f"log/{segment.name}", 3)
        assert [one.level for one in reader.check() if one.file.startswith("log/")] == ["remark"]
        if count % 9:
            continue  # the cutting itself is the same everywhere, and costs syncs
        work = tmp_path / "work"
        shutil.copytree(path, work)
        writer = Store.open(work)
        assert writer.note(**head(at=NEXT))["seq"] == 8
        assert [entry["act"] for entry in writer.entries()][-2:] == ["log.tail-cut", "mark.drafted"]
        cut = next(
            part["op"][0]["cut"] for _, parts in writer.changes() for part in parts if "cut" in part["op"][0]
        )
        assert base64.b64decode(cut["base64"]) == segment.read_bytes()[start:]
        assert writer.verify().whole
        assert all(one.level == "remark" for one in writer.check())
        writer.close()
        shutil.rmtree(work)


def test_verify_never_cuts(store: Store, path: Path) -> None:
    segment = segments(path)[-1]
    with segment.open("ab") as file:
        file.write(b'{"entry":')
    size = segment.stat().st_size
    for _ in range(2):
        verdict = store.verify()
        assert verdict.whole
        assert verdict.tail is not None
        assert verdict.tail.line == 3
        assert segment.stat().st_size == size


def test_an_unfinished_line_is_damage_where_something_stands_on_it(store: Store, path: Path) -> None:
    """In the middle, before a newer segment, and where the snapshots stand on the entry: it was acknowledged."""
    store.close(snapshot=True)
    first, last = segments(path)
    for segment in (first, last):
        good = segment.read_bytes()
        segment.write_bytes(good[:-20])
        verdict = verify(path)
        number = good.count(b"\n")
        assert verdict.tail is None
        assert (verdict.problems[0].file, verdict.problems[0].line) == (f"log/{segment.name}", number)
        segment.write_bytes(good)
    lines = last.read_bytes().splitlines(keepends=True)
    last.write_bytes(lines[0][:-20] + b"\x00" * 19 + b"\n" + lines[1])
    verdict = verify(path)
    assert verdict.tail is None
    assert verdict.problems[0].line == 1


def test_what_is_no_head_is_told_what_one_is(store: Store) -> None:
    old = store.head
    store.note(**head(at=NEXT))
    assert store.verify(old.hash[:12]).whole
    assert store.verify(f" {old.hash[:4]} {old.hash[4:].upper()}").whole
    assert not store.verify("0" * 12).whole
    for said in ("", "00", old.hash[:11], f"{old.hash}0", "x" * 64):
        with pytest.raises(StoreError, match=r"64 digits.*first 12"):
            store.verify(said)


def test_a_whole_last_line_that_was_altered_is_damage_not_an_unfinished_end(store: Store, path: Path) -> None:
    segment = segments(path)[-1]
    segment.write_bytes(
        segment.read_bytes()[:-20].replace(b'"seq":6', b'"seq":7') + segment.read_bytes()[-20:]
    )
    altered = segment.read_bytes()
    again = Store.open(path)
    assert again.damage is not None
    assert (again.damage.file, again.damage.line) == ("log/2026-11-24T0850.jsonl", 2)
    assert again.head.seq == 5
    with pytest.raises(ReadOnlyError, match="hash"):
        again.note(**head())
    assert segment.read_bytes() == altered
    assert any(one.level == "fault" and one.line == 2 for one in again.check())
    again.close(snapshot=True)


def test_no_altered_byte_of_the_last_line_lets_it_be_cut(store: Store, path: Path) -> None:
    """It was acknowledged: a writer that took it for an unfinished one would lose it."""
    store.close()
    segment = segments(path)[-1]
    good = segment.read_bytes()
    for at in range(good[:-1].rfind(b"\n") + 1, len(good)):
        bad = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        segment.write_bytes(bad)
        again = Store.open(path)
        with pytest.raises(ReadOnlyError):
            again.note(**head(at=NEXT))
        assert any(one.level == "fault" and one.line == 2 for one in again.check()), at
        again.close(snapshot=True)
        assert segment.read_bytes() == bad


def test_damage_behind_the_snapshots_leaves_the_folder_usable(
    store: Store, path: Path, reopened: Callable[..., Store]
) -> None:
    store.close(snapshot=True)
    segment = segments(path)[0]
    raw = segment.read_bytes()
    at = raw.index(b"Ana")
    segment.write_bytes(raw[:at] + b"Eva" + raw[at + 3 :])
    again = reopened()
    assert again.damage is None
    assert again.docs("pupils", "pupils")["P-1"]["name"] == "Ana\nMaria"
    again.note(**head(at=NEXT))
    verdict = again.verify()
    assert [(one.file, one.line) for one in verdict.problems] == [("log/2026-11-23T0855.jsonl", 2)]
    assert any(one.level == "fault" and one.line == 2 for one in again.check())


@pytest.mark.parametrize("attack", ["delete", "swap", "rechain", "cut", "segment", "reorder"])
def test_attacks_on_the_history(store: Store, path: Path, attack: str) -> None:
    outside = store.head.hash
    store.close(snapshot=True)
    first, second = segments(path)
    lines = first.read_bytes().splitlines(keepends=True)
    if attack == "delete":
        first.write_bytes(b"".join(lines[:2] + lines[3:]))
    elif attack == "swap":
        first.write_bytes(b"".join([*lines[:2], lines[3], lines[2]]))
    elif attack == "cut":
        second.write_bytes(second.read_bytes().splitlines(keepends=True)[0])
    elif attack == "segment":
        second.unlink()
    elif attack == "reorder":
        first.rename(first.with_name("2026-11-25T0855.jsonl"))
    else:
        other = Store.create(path.parent / "forged")
        other.note(**head("folder.made"))
        other.note(**head("pupils.imported"))
        other.close(snapshot=True)
        shutil.rmtree(path)
        shutil.copytree(path.parent / "forged", path)
    assert not verify(path, head=outside).whole
    if attack != "rechain":  # another history with its own snapshots shows only against a head held outside
        assert not verify(path).whole
    else:
        assert verify(path).whole


def test_a_head_held_outside_is_found_or_missed(store: Store) -> None:
    old = store.head
    store.note(**head(at=NEXT))
    assert store.verify(old).whole
    assert store.verify(old.hash.upper()).whole
    assert not store.verify("f" * 64).whole


def test_an_erased_part_keeps_the_chain(store: Store, path: Path) -> None:
    """What retention will do: a part's place is taken by its digest, and nothing else changes."""
    segment = segments(path)[0]
    lines = segment.read_bytes().splitlines(keepends=True)
    line = json.loads(lines[1])
    gone = [{"gone": digest(canonical(line["parts"][0]))}, *line["parts"][1:]]
    lines[1] = canonical({"entry": line["entry"], "parts": gone}) + b"\n"
    segment.write_bytes(b"".join(lines))
    store.close()
    assert verify(path).whole
    again = Store.open(path)
    assert set(again.docs("pupils", "pupils")) == {"P-2"}
    assert again.as_known(NEXT).gone == 1
    with again.change(**head(at=NEXT)) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
    assert again.state.replayed()["pupils"]["pupils"].own == again.docs("pupils", "pupils")
    again.close()


@pytest.mark.parametrize("beside", [b',"op":[{"file":"pupils"}]', b',"x":1', b""])
def test_nothing_hides_beside_an_erased_part(beside: bytes) -> None:
    """The digest of what was erased must not vouch for anything else."""
    head_ = entry_head(NEXT, "dsl", "dsl", "mark.drafted", None, None)
    part = b'{"op":[],"salt":"x"}'
    good, _ = build(head_, 1, "0" * 64, [part])
    gone = b'{"gone":"%b"%b}' % (digest(part).encode(), beside)
    forged = good.replace(part, gone)
    if beside:
        with pytest.raises(LineError, match="digest"):
            prove(forged)
    else:
        assert prove(forged).entry.seq == 1
    short = good.replace(part, b'{"gone":"%b"}' % digest(part)[:63].encode())
    with pytest.raises(LineError):
        prove(short)


def test_an_empty_segment_left_by_a_crash_is_let_be_then_removed(store: Store, path: Path) -> None:
    (path / "log" / "2026-11-25T0800.jsonl").touch(0o600)
    again = Store.open(path)
    assert again.verify().whole
    again.note(**head(at=NEXT))
    again.note(**head(at="2026-11-25T08:00:10+00:00"))
    assert again.verify().whole
    assert store.refresh()
    assert store.head == again.head
    again.close()


@pytest.mark.parametrize(
    "part",
    [
        b'{"salt":"x","op":[]}',
        b'{"op":[ ],"salt":"x"}',
        b'{"op":[],"salt":"x","salt":"x"}',
        b'{"op":[1.5],"salt":"x"}',
        b'{"op":[1e2],"salt":"x"}',
        b'{"op":["\\u0041"],"salt":"x"}',
        b'{"op":[],"salt":"\\/"}',
    ],
)
def test_a_line_forged_with_right_hashes_but_not_canonical_is_refused(part: bytes) -> None:
    """`jq -cS` would hash other bytes than ours: such a line must be whole to nobody."""
    head_ = entry_head(NEXT, "dsl", "dsl", "mark.drafted", None, None)
    good, _ = build(head_, 1, "0" * 64, [b'{"op":[],"salt":"x"}'])
    assert prove(good).entry.seq == 1
    bad, _ = build(head_, 1, "0" * 64, [part])
    with pytest.raises(LineError) as caught:
        prove(bad)
    assert not caught.value.torn


@pytest.mark.parametrize(
    "part",
    [
        b'{"op":"x","salt":""}',
        b'{"op":[{"file":"pupils","put":{"x":{"id":"a"}},"table":"t"}],"salt":""}',
        b'{"op":[{"file":"pupils","put":{"1":{"name":"no id"}},"table":"t"}],"salt":""}',
        b'{"op":[{"file":"pupils","splice":{"77":[[0,"/"]]},"table":"marks"}],"salt":""}',
        b'{"op":[{"file":"pupils","splice":{"1":[[0]]},"table":"pupils"}],"salt":""}',
        b'{"op":[{"put":{},"table":"t"}],"salt":""}',
        b"{}",
    ],
)
def test_an_operation_that_cannot_be_carried_out_is_damage_with_its_place(
    store: Store, path: Path, part: bytes
) -> None:
    before = everything(store)
    line, _ = build(entry_head(NEXT, "dsl", "dsl", "mark.drafted", None, None), 7, store.head.hash, [part])
    with segments(path)[-1].open("ab") as file:
        file.write(line)
    again = Store.open(path)
    assert everything(again) == before  # files are read when asked for: so is what is wrong with them found
    assert again.damage is not None
    assert (again.damage.file, again.damage.line) == ("log/2026-11-24T0850.jsonl", 3)
    with pytest.raises(ReadOnlyError):
        again.note(**head(at=NEXT))
    with pytest.raises(StoreError):
        again.as_known(NEXT)
    assert any(one.level == "fault" for one in again.check())
    again.close()
