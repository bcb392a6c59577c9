"""The last line that the snapshots stand on: damaged, nothing is written behind it."""

from pathlib import Path

import pytest
from storekit import NEXT, everything, head

from store.errors import ReadOnlyError
from store.folder import Store
from tests.filekit import swap


@pytest.mark.parametrize("at", [-1, -2, -40, -100, -300])
@pytest.mark.parametrize("byte", [b"\0", b"x"])
def test_a_damaged_last_line_beneath_the_snapshots_is_named_and_nothing_is_glued_to_it(
    store: Store, path: Path, at: int, byte: bytes
) -> None:
    before = everything(store)
    store.close(snapshot=True)
    segment = sorted((path / "log").iterdir())[-1]
    raw = bytearray(segment.read_bytes())
    raw[at] = byte[0]
    segment.write_bytes(raw)
    again = Store.open(path)
    assert again.damage is not None
    assert (again.damage.file, again.damage.line) == (f"log/{segment.name}", 2)
    with pytest.raises(ReadOnlyError):
        again.note(**head(at=NEXT))
    assert everything(again) == before
    assert segment.read_bytes() == bytes(raw)
    again.close()


def test_a_segment_of_one_line_gets_its_name_synced_once_by_who_writes_on(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who made it may have been killed before its name was durable: what is acknowledged in it would go with it."""
    store.note(**head(at="2026-11-25T08:50:00+00:00"))
    synced: list[Path] = []
    swap(monkeypatch, "sync_folder", synced.append)
    store.note(**head(at="2026-11-25T08:51:00+00:00"))
    assert synced == []  # it made the segment itself
    store.note(**head(at="2026-11-26T08:50:00+00:00"))
    assert synced == [path / "log"]
    other = Store.open(path)
    other.note(**head(at="2026-11-26T08:51:00+00:00"))
    assert synced == [path / "log"] * 2
    other.note(**head(at="2026-11-26T08:52:00+00:00"))
    assert synced == [path / "log"] * 2
    other.close()
