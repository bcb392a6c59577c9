"""Files and folders as they come to be: private, whole, real."""

import ast
import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from storekit import fill

from store import files
from store.errors import ForeignError, StoreError, UnsafeError, WriteError
from store.folder import Store


@contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_everything_is_private_whatever_the_umask(
    path: Path, mask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real = os.replace

    def watched(source: Path, target: Path) -> None:
        seen.append(os.stat(source).st_mode & 0o777)
        real(source, target)

    monkeypatch.setattr(os, "replace", watched)
    with umask(mask):
        store = Store.create(path)
        fill(store)
        store.close(snapshot=True)
        files.write_private(path.parent / "out.json", b"x", overwrite=True)
    assert set(seen) == {0o600}
    for folder, _, names in os.walk(path):
        assert os.stat(folder).st_mode & 0o777 == 0o700
        for name in names:
            assert os.stat(Path(folder) / name).st_mode & 0o777 == 0o600, name
    assert os.stat(path.parent / "out.json").st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_refused_and_does_not_hang(tmp_path: Path, kind: str) -> None:
    place, elsewhere = tmp_path / "x.json", tmp_path / "elsewhere"
    elsewhere.write_bytes(b"untouched")
    if kind == "link":
        place.symlink_to(elsewhere)
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    with pytest.raises(UnsafeError):
        files.read_capped(place)
    with pytest.raises(UnsafeError):
        files.atomic_write(place, [b"new"])
    with pytest.raises(UnsafeError):
        files.write_private(place, b"new", overwrite=True)
    with pytest.raises((UnsafeError, OSError)):
        files.Appender(place)
    assert elsewhere.read_bytes() == b"untouched"
    assert {one.name for one in tmp_path.iterdir()} == {"x.json", "elsewhere"}


def test_an_export_replaces_nothing_unless_told(tmp_path: Path) -> None:
    place = tmp_path / "case.json"
    files.write_private(place, b"first")
    with pytest.raises(StoreError, match="exists already"):
        files.write_private(place, b"second")
    assert place.read_bytes() == b"first"
    files.write_private(place, b"second", overwrite=True)
    assert place.read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["case.json"]


def test_a_file_beyond_the_cap_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 101)
    with pytest.raises(StoreError, match="it has 101 bytes, and more than 100 are not read"):
        files.read_capped(tmp_path / "big", 100)


def test_a_failed_atomic_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a.json"
    place.write_bytes(b"old")
    monkeypatch.setattr(os, "write", lambda fd, data: len(data) // 2)
    with pytest.raises(OSError) as caught:
        files.atomic_write(place, [b"new and longer"])
    assert caught.value.errno == errno.ENOSPC
    assert place.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_short_append_is_an_error_and_cut_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.jsonl"
    place.write_bytes(b"12345")
    appender, real = files.Appender(place), os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:3]))
    with pytest.raises(WriteError):
        appender.append(b"abcdef", 5)
    assert place.read_bytes() == b"12345"
    monkeypatch.setattr(os, "write", real)
    appender.append(b"abcdef", 5)
    assert place.read_bytes() == b"12345abcdef"
    appender.close()
    appender.close()


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("overlay", False)],
)
def test_network_folders_are_known_by_their_mount(tmp_path: Path, kind: str, refused: bool) -> None:
    root = "22 1 0:1 / / rw shared:1 - ext4 /dev/a rw"
    here = f"23 22 0:2 / {os.path.realpath(tmp_path)} rw - {kind} server:/share rw"
    assert files.network_kind(tmp_path / "data", f"{root}\n{here}\n") == (kind if refused else None)
    assert files.network_kind(Path("/elsewhere"), f"{root}\n{here}\n") is None


def calls_of(source: str) -> set[str]:
    """What a module calls by the name of a builtin, of the module `os`, or of a path that is read or written."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id == "open":
            found.add("open")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            found.add(f"os.{node.attr}")
        elif isinstance(node, ast.Attribute) and re.fullmatch(r"(read|write)_(bytes|text)", node.attr):
            found.add(node.attr)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & {"fcntl", "shutil", "io", "mmap"}
    return found


def test_the_file_package_is_the_only_one_that_calls_the_system() -> None:
    inside = Path(files.__file__).parent
    others = [one for one in sorted(inside.parent.rglob("*.py")) if inside not in one.parents]
    assert len(others) > 20
    calls = {module.name: calls_of(module.read_text()) - {"os.urandom"} for module in others}
    assert {name: found for name, found in calls.items() if found} == {}
    assert calls_of((inside / "writing.py").read_text()) >= {"os.write", "os.fsync", "os.replace"}


def test_a_new_folder_must_be_empty(tmp_path: Path) -> None:
    (tmp_path / "thing").write_text("x")
    with pytest.raises(ForeignError):
        files.make_folder(tmp_path)
