"""Backups: consistent while others write, proven when made and when read, refused with the member if a byte differs."""

import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from storekit import DAY, FILE, NEXT, everything, fill, head

from store import archive, files
from store.archive import MANIFEST, SUMS, Manifest
from store.backup import backup
from store.errors import DamagedError, MissingError, NewerError, StoreError, UnsafeError, WriteError
from store.folder import Store
from tests.filekit import swap

WRITE = """
import sys
from pathlib import Path
from store.folder import Store
store = Store.open(Path(sys.argv[1]))
head = {"at": "2026-11-24T09:00:00+00:00", "actor": sys.argv[2], "role": "dsl", "act": "case.answered"}
print("ready", flush=True)
number = 0
while not Path(sys.argv[3]).exists():
    number += 1
    with store.change(**head) as tx:
        tx.put("cases", "answers", {"id": f"{sys.argv[2]}-{number}", "text": "x" * 200})
    if number % 50 == 0:
        store.snapshot()
store.close(snapshot=True)
"""


@pytest.fixture
def sticks(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def made(store: Store, sticks: Path, name: str = "") -> Path:
    return backup(store, sticks / name if name else sticks, "Riverside", NEXT).path


def parts_of(path: Path) -> list[tuple[str, int, int]]:
    """The name of what stands in each range of bytes of a backup."""
    manifest = archive.read(path).manifest
    places, size = archive.places(manifest)
    begins = [(name, at - archive.BLOCK) for name, at in places.items()]
    begins.append(("end of the file", size - len(archive.END)))
    ends = [begin for _, begin in begins[1:]] + [size]
    return [(name, begin, end) for (name, begin), end in zip(begins, ends, strict=True)]


def test_a_backup_holds_everything_and_carries_its_head(store: Store, sticks: Path) -> None:
    before = store.head
    done = backup(store, sticks, "Riverside", NEXT)
    assert done.head == before
    assert done.path.name == f"Riverside-20261124T0850-6-{before.hash[:12]}.backup"
    read = archive.read(done.path, before.hash)
    assert read.head == before
    names = [member.name for member in read.manifest.members]
    assert names[:2] == ["log/2026-11-23T0855.jsonl", "log/2026-11-24T0850.jsonl"]
    assert names[-1] == "school.json"
    assert {f"{FILE}.json", "people.json", "pupils.json"} <= set(names)
    held = {
        file: {table: page.own for table, page in tables.items()} for file, tables in read.state.files.items()
    }
    assert held == everything(store)


def test_a_backup_is_private_and_never_written_over(store: Store, sticks: Path) -> None:
    old = os.umask(0)
    try:
        path = made(store, sticks, "mine.backup")
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    kept = path.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        made(store, sticks, "mine.backup")
    assert path.read_bytes() == kept
    assert [one.name for one in sticks.iterdir()] == ["mine.backup"]


def test_any_tar_and_sha256sum_read_it(store: Store, sticks: Path, tmp_path: Path) -> None:
    path = made(store, sticks)
    out = tmp_path / "out"
    out.mkdir()
    with tarfile.open(path) as tar:
        assert all(one.isreg() and one.mode == 0o600 for one in tar.getmembers())
    for words in (["tar", "-xf", str(path), "-C", str(out)], ["sha256sum", "--quiet", "-c", SUMS]):
        done = subprocess.run(words, cwd=out, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((out / MANIFEST).read_text())["head"]["hash"] == store.head.hash
    for name in (MANIFEST, SUMS):
        (out / name).unlink()
    again = Store.open(out)
    assert everything(again) == everything(store)
    assert not [one for one in again.check() if one.level == "fault"]
    again.close()


def test_the_vault_is_in_it(store: Store, path: Path, sticks: Path) -> None:
    raw = b'{"format":1,"slots":{}}\n'
    files.write_private(path / "vault.json", raw)
    read = archive.read(made(store, sticks))
    member = next(one for one in read.manifest.members if one.name == "vault.json")
    assert read.content(member) == raw


def test_what_is_not_ours_is_named_and_left_out(store: Store, path: Path, sticks: Path) -> None:
    (path / "notes.txt").write_text("x")
    assert backup(store, sticks, "x", NEXT).left_out == ("notes.txt",)


def test_the_snapshots_in_it_come_from_the_log_whatever_the_folders_hold(
    store: Store, path: Path, sticks: Path
) -> None:
    store.snapshot()
    place = path / "pupils.json"
    place.write_bytes(place.read_bytes().replace(b"Ana", b"Eva", 1))
    read = archive.read(made(store, sticks))
    assert read.state.files["pupils"]["pupils"].own["P-1"]["name"] == "Ana\nMaria"


def test_a_backup_is_whole_while_two_processes_write(store: Store, path: Path, sticks: Path) -> None:
    store.close(snapshot=True)
    stop, env = path.parent / "stop", {**os.environ, "PYTHONPATH": os.getcwd()}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(path), name, str(stop)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    assert [one.stdout.readline() for one in writers if one.stdout] == ["ready\n"] * 2
    heads = []
    for number in range(6):
        again = Store.open(path, lock_limit=120)  # two who never pause leave little room on a busy machine
        done = backup(again, sticks / f"{number}.backup", "x", NEXT)
        read = archive.read(done.path, done.head.hash)
        answers = read.state.files.get("cases", {}).get("answers")
        assert len(answers.own if answers else {}) == done.head.seq - 6
        heads.append(done.head)
        again.close()
    stop.touch()
    assert [one.communicate() and one.returncode for one in writers] == [0, 0]
    assert len({one.seq for one in heads}) == 6
    last = Store.open(path)
    hashes = {entry["seq"]: entry["hash"] for entry in last.entries()}
    assert all(hashes[one.seq] == one.hash for one in heads)
    assert {entry["actor"] for entry in last.entries()} == {"dsl", "one", "two"}
    last.close()


def test_the_lock_is_not_held_while_the_bytes_are_copied(
    store: Store, path: Path, sticks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store.open(path, lock_limit=0.0)
    real = files.read_range

    def busy(place: Path, *rest: Any, **more: Any) -> bytes:
        if place.parent.name == "log" and place.parent.parent == path and rest[:1] == (0,) and rest[1:2]:
            other.note(**head(at=NEXT))
        return real(place, *rest, **more)

    with monkeypatch.context() as patch:
        swap(patch, "read_range", busy)
        done = backup(store, sticks, "x", NEXT)
    assert done.head.seq == 6
    assert other.head.seq > 6
    assert archive.read(done.path).head.seq == 6
    other.close()


def test_an_unfinished_last_line_is_no_part_of_it(store: Store, path: Path, sticks: Path) -> None:
    with (path / "log" / "2026-11-24T0850.jsonl").open("ab") as file:
        file.write(b'{"entry":{"act"')
    again = Store.open(path)
    assert archive.read(made(again, sticks)).head.seq == 6
    again.close()


def test_a_damaged_log_is_not_backed_up(store: Store, path: Path, sticks: Path) -> None:
    store.close(snapshot=True)
    place = path / "log" / "2026-11-23T0855.jsonl"
    place.write_bytes(place.read_bytes().replace(b"pupils.imported", b"pupils.exported"))
    again = Store.open(path)
    with pytest.raises(DamagedError, match="hash") as caught:
        made(again, sticks)
    assert (caught.value.file, caught.value.line) == ("log/2026-11-23T0855.jsonl", 2)
    assert not list(sticks.iterdir())
    again.close()


def test_what_is_erased_meanwhile_is_collected_anew(
    store: Store, path: Path, sticks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = path / "log" / "2026-11-23T0855.jsonl"
    real = files.read_range
    tries: list[Path] = []

    def rewritten(at: Path, *rest: Any, **more: Any) -> bytes:
        if at == place and rest[:1] == (0,) and len(rest) == 2:
            tries.append(at)
            if len(tries) == 1:
                files.atomic_write(place, [place.read_bytes()])
                raise OSError(5, "gone")
        return real(at, *rest, **more)

    swap(monkeypatch, "read_range", rewritten)
    assert archive.read(made(store, sticks)).head.seq == 6
    assert len(tries) == 3  # failed, read, copied


def test_where_a_backup_cannot_stand(store: Store, path: Path, sticks: Path) -> None:
    with pytest.raises(MissingError, match="no such folder"):
        made(store, sticks, "nowhere/x.backup")
    for place in (path, path / "log", path / "x.backup"):
        with pytest.raises(StoreError, match="lost with it"):
            backup(store, place, "x", NEXT)
    (sticks / "link").symlink_to(sticks / "elsewhere")
    os.mkfifo(sticks / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(UnsafeError):
            made(store, sticks, name)
    assert not (sticks / "elsewhere").exists()


def test_a_full_disk_leaves_no_file(store: Store, sticks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.write, [4_000]

    def short(fd: int, data: bytes) -> int:
        room = min(len(data), left[0])
        left[0] -= room
        return real(fd, data[:room])

    monkeypatch.setattr(os, "write", short)
    with pytest.raises(WriteError, match="no space left"):
        made(store, sticks)
    assert not list(sticks.iterdir())


def test_what_is_not_read_back_as_written_gets_no_name(
    store: Store, sticks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def rotten(fd: int, data: bytes) -> int:
        return real(fd, data.replace(b"Riverside", b"Riverslde"))

    monkeypatch.setattr(os, "write", rotten)
    with pytest.raises(DamagedError, match="digest"):
        made(store, sticks)
    assert not list(sticks.iterdir())


def test_each_flipped_byte_is_refused_and_the_member_named(store: Store, sticks: Path) -> None:
    path = made(store, sticks, "x.backup")
    good, ranges = path.read_bytes(), parts_of(path)
    chance = random.Random(4)
    spots = [chance.randrange(len(good)) for _ in range(200)]
    spots += [begin + more for _, begin, end in ranges for more in (0, 99, 257, 512) if begin + more < end]
    for spot in spots:
        bad = bytearray(good)
        bad[spot] ^= 1 << chance.randrange(8)
        path.write_bytes(bad)
        name = next(name for name, begin, end in ranges if begin <= spot < end)
        with pytest.raises((DamagedError, NewerError)) as caught:
            archive.read(path)
        assert name in str(caught.value), (spot, name, str(caught.value))
    path.write_bytes(good)
    assert archive.read(path).head == store.head


@pytest.mark.parametrize("cut", [0, 1, 511, 512, 513, 5000, -1025, -1024, -1])
def test_one_that_is_cut_or_longer_is_refused(store: Store, sticks: Path, cut: int) -> None:
    path = made(store, sticks, "x.backup")
    good = path.read_bytes()
    for bad in (good[:cut], good + b"\0", good + good):
        path.write_bytes(bad)
        with pytest.raises(DamagedError):
            archive.read(path)


def forged(sticks: Path, manifest: dict[str, Any], contents: dict[str, bytes]) -> Path:
    """A file laid out as a backup is, whatever its manifest says."""
    raw = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    made = archive.entry(MANIFEST, raw)
    for name, content in contents.items():
        made += archive.header(name, len(content)) + content + archive.padding(len(content))
    rows = [(archive.digest(raw), MANIFEST), *((archive.digest(c), name) for name, c in contents.items())]
    made += archive.entry(SUMS, "".join(f"{sha}  {name}\n" for sha, name in rows).encode()) + archive.END
    path = sticks / "forged.backup"
    path.write_bytes(made)
    return path


def unforged(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    read = archive.read(path)
    return json.loads(read.manifest.raw()), {one.name: read.content(one) for one in read.manifest.members}


def resummed(manifest: dict[str, Any], contents: dict[str, bytes]) -> None:
    manifest["members"] = [
        {"name": name, "sha256": archive.digest(raw), "size": len(raw)} for name, raw in contents.items()
    ]


def test_the_forge_itself_makes_what_is_taken(store: Store, sticks: Path) -> None:
    manifest, contents = unforged(made(store, sticks))
    resummed(manifest, contents)
    assert archive.read(forged(sticks, manifest, contents)).head == store.head


@pytest.mark.parametrize(
    "name",
    [
        "../x.json",
        "/etc/x.json",
        "log/../../x.jsonl",
        "x/school.json",
        "log",
        ".lock",
        "log/a.jsonl",
        "A.json",
        "",
    ],
)
def test_names_that_no_folder_has_are_refused(store: Store, sticks: Path, name: str) -> None:
    manifest, contents = unforged(made(store, sticks))
    contents[name] = contents.pop("pupils.json")
    contents = {one: contents[one] for one in archive.ordered([*contents])}
    resummed(manifest, contents)
    with pytest.raises(DamagedError, match="cannot be one of a data folder"):
        archive.read(forged(sticks, manifest, contents))


def test_a_link_in_the_archive_is_refused(store: Store, sticks: Path) -> None:
    path = made(store, sticks, "x.backup")
    begin = next(begin for name, begin, _ in parts_of(path) if name == "pupils.json")
    raw = bytearray(path.read_bytes())
    raw[begin + 156 : begin + 162] = b"2/etc\0"
    total = sum(raw[begin : begin + 148]) + 8 * 32 + sum(raw[begin + 156 : begin + 512])
    raw[begin + 148 : begin + 156] = b"%06o\0 " % total
    path.write_bytes(raw)
    with pytest.raises(DamagedError, match="header") as caught:
        archive.read(path)
    assert "pupils.json" in str(caught.value)


def test_a_changed_record_is_found_even_if_every_sum_was_made_anew(store: Store, sticks: Path) -> None:
    for name, old, new in (
        ("people.json", b'"roles":["dsl"]', b'"roles":["leader"]'),
        ("log/2026-11-23T0855.jsonl", b'"roles":["dsl"]', b'"roles":["leader"]'),
        ("school.json", b"Riverside", b"Riverslde"),
    ):
        manifest, contents = unforged(made(store, sticks, name.replace("/", "-")))
        assert old in contents[name]
        contents[name] = contents[name].replace(old, new)
        resummed(manifest, contents)
        with pytest.raises(DamagedError) as caught:
            archive.read(forged(sticks, manifest, contents))
        assert name in str(caught.value)


def test_members_missing_twice_or_too_many_are_refused(store: Store, sticks: Path) -> None:
    manifest, contents = unforged(made(store, sticks))
    for drop in ("pupils.json", "log/2026-11-24T0850.jsonl", "log/2026-11-23T0855.jsonl"):
        rest = {name: raw for name, raw in contents.items() if name != drop}
        resummed(manifest, rest)
        with pytest.raises(DamagedError):
            archive.read(forged(sticks, manifest, rest))
    resummed(manifest, contents)
    manifest["members"].append(manifest["members"][-1])
    with pytest.raises(DamagedError, match="twice"):
        archive.read(forged(sticks, manifest, contents))
    manifest["members"] = [{"name": "x.json", "sha256": "0" * 64, "size": 1}] * (archive.MOST_MEMBERS + 1)
    with pytest.raises(DamagedError, match="more than"):
        archive.read(forged(sticks, manifest, contents))
    manifest["members"] = [{"name": "school.json", "sha256": "0" * 64, "size": 1 << 50}]
    with pytest.raises(DamagedError, match="cannot be one"):
        archive.read(forged(sticks, manifest, contents))


def test_a_newer_backup_or_folder_is_refused_as_such(store: Store, sticks: Path) -> None:
    manifest, contents = unforged(made(store, sticks))
    for change, words in (
        ({"version": 2, "more": 1}, "this backup has format 2"),
        ({"folder_format": 99}, "the folder in this backup has format 99"),
    ):
        with pytest.raises(NewerError, match=words):
            archive.read(forged(sticks, {**manifest, **change}, contents))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x" * 5000,
        b"\0" * 2000,
        archive.header(MANIFEST, 8 << 30),
        archive.header(MANIFEST, 3) + b"{}\n",
    ],
)
def test_what_is_no_backup_is_refused(sticks: Path, raw: bytes) -> None:
    place = sticks / "x.backup"
    place.write_bytes(raw)
    with pytest.raises(DamagedError):
        archive.read(place)


def test_no_link_pipe_or_folder_is_read(store: Store, sticks: Path) -> None:
    (sticks / "link").symlink_to(made(store, sticks))
    os.mkfifo(sticks / "pipe")
    (sticks / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(UnsafeError):
            archive.read(sticks / name)


def test_a_head_kept_elsewhere_and_the_one_in_the_name_are_compared(store: Store, sticks: Path) -> None:
    path, good = made(store, sticks), store.head.hash
    for said in (good, good[:12], f" {good[:4]} {good[4:].upper()} "):
        assert archive.read(path, said).head == store.head
    with pytest.raises(StoreError, match="its head is"):
        archive.read(path, "0" * 64)
    for said in (good[:11], "", good + "0"):
        with pytest.raises(StoreError, match="is no head"):
            archive.read(path, said)
    renamed = path.rename(sticks / path.name.replace(good[:12], "0" * 12))
    with pytest.raises(DamagedError, match="the name says"):
        archive.read(renamed)


def test_an_empty_folder_and_an_erased_part_can_be_backed_up(tmp_path: Path, sticks: Path) -> None:
    empty = Store.create(tmp_path / "empty")
    read = archive.read(backup(empty, sticks / "e.backup", "x", DAY).path)
    assert (read.head, [one.name for one in read.manifest.members]) == (empty.head, ["school.json"])
    empty.close()


def test_the_manifest_says_no_more_than_it_must(store: Store, sticks: Path) -> None:
    manifest = archive.read(made(store, sticks)).manifest
    assert set(Manifest.__struct_fields__) == {"folder_format", "head", "kind", "made", "members", "version"}
    assert b"Ana" not in manifest.raw()
    assert manifest.made == NEXT


def test_snapshots_made_from_the_log_equal_those_of_the_folder(
    store: Store, path: Path, sticks: Path, reopened: Callable[..., Store]
) -> None:
    with store.change(**head(at=NEXT)) as tx:
        tx.drop("pupils", "pupils", "P-2")
        tx.put("pupils", "pupils", {"id": "P-3"})
    store.snapshot()
    again = reopened()
    again.rebuild()
    live = {one.name: one.read_bytes() for one in path.glob("*.json")}
    read = archive.read(made(again, sticks))
    assert {f"{name}.json": raw for name, raw in read.state.snapshots().items()} == live


def test_what_fill_writes_is_what_the_counts_here_rest_on(path: Path) -> None:
    store = Store.create(path)
    fill(store)
    assert store.head.seq == 6
    store.close()


def recipe(tmp_path: Path) -> Path:
    """The script of docs/backup.md."""
    text = (Path(__file__).parents[2] / "docs" / "backup.md").read_text("utf-8")
    script = tmp_path / "open-backup.sh"
    script.write_text(text.split("```sh\n")[1].split("```")[0], "utf-8")
    return script


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_recipe_without_this_program_opens_and_refuses(
    store: Store, sticks: Path, tmp_path: Path
) -> None:
    path, script, good = made(store, sticks, "x.backup"), recipe(tmp_path), store.head.hash

    def run(name: str, wanted: str) -> subprocess.CompletedProcess[str]:
        words = ["sh", str(script), str(path), str(tmp_path / name), wanted]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    done = run("out", good[:12])
    assert (done.returncode, done.stdout) == (0, f"whole: entry 6, head {good}\n"), done.stderr
    again = Store.open(tmp_path / "out")
    assert everything(again) == everything(store)
    assert {one.level for one in again.check()} <= {"remark"}
    again.close()
    assert run("other", "0" * 12).returncode == 1
    raw = bytearray(path.read_bytes())
    raw[archive.read(path).places["pupils.json"] + 40] ^= 1
    path.write_bytes(raw)
    done = run("bad", good)
    assert done.returncode == 1
    assert "pupils.json" in done.stdout


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = ("kind", "version", "folder_format", "made", "head", "members", "more")
FUZZ = settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(changes=st.dictionaries(st.sampled_from(PLACES), JSON, min_size=1))
def test_whatever_a_manifest_says_only_our_error_comes_out(
    store: Store, sticks: Path, changes: dict[str, Any]
) -> None:
    place = sticks / "good.backup"
    if not place.exists():
        made(store, sticks, place.name)
    manifest, contents = unforged(place)
    assume({**manifest, **changes} != {**manifest, "made": changes.get("made")})
    with pytest.raises(StoreError):
        archive.read(forged(sticks, {**manifest, **changes}, contents))


@FUZZ
@given(
    name=st.sampled_from(["pupils.json", "school.json", "log/2026-11-24T0850.jsonl"]),
    raw=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode() + b"\n"),
    whole=st.booleans(),
)
def test_whatever_a_member_holds_only_our_error_comes_out(
    store: Store, sticks: Path, name: str, raw: bytes, whole: bool
) -> None:
    place = sticks / "good.backup"
    if not place.exists():
        made(store, sticks, place.name)
    manifest, contents = unforged(place)
    good = contents[name]
    contents[name] = raw if whole else good[: len(good) // 2] + raw + good[len(good) // 2 :]
    assume(contents[name] != good)
    resummed(manifest, contents)
    try:
        read = archive.read(forged(sticks, manifest, contents))
    except StoreError:
        return
    assert read.head == store.head  # blanks between the tokens of a snapshot say nothing
    assert name != "log/2026-11-24T0850.jsonl"
