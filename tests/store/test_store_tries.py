from pathlib import Path

import pytest

from store import files
from store.errors import StoreError
from store.tries import CAP, NAME, Tries
from tests.filekit import swap

ANN = {"ann": {"count": 3, "until": 1_764_000_000_000}}


def test_what_was_counted_is_there_after_a_restart(tmp_path: Path) -> None:
    with Tries(tmp_path).changing() as tries:
        tries |= ANN
    assert Tries(tmp_path).read() == ANN
    assert not files.is_loose(tmp_path / NAME)


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    with Tries(tmp_path).changing():
        pass
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no json",
        b"[]",
        b'{"format":2,"tries":{"ann":{}}}',
        b'{"format":1,"tries":3}',
        b'{"format":1,"tries":{"ann":{"count":"x"}}}',
        b'{"format":1,"tries":{"ann":3}}',
        b"[" * 5000,
        b" " * (CAP + 1),
    ],
)
def test_a_file_that_is_no_such_file_locks_nobody_out(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / NAME).write_bytes(raw)
    tries = Tries(tmp_path)
    assert tries.read() == {}
    with tries.changing() as found:
        found |= ANN
    assert tries.read() == ANN


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").write_bytes(b'{"format":1,"tries":{"ann":{"count":3}}}')
    (tmp_path / NAME).symlink_to(tmp_path / "else")
    assert Tries(tmp_path).read() == {}


def test_a_disk_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    swap(monkeypatch, "atomic_write", full)
    with pytest.raises(StoreError, match="no space left"), Tries(tmp_path).changing() as tries:
        tries |= ANN
