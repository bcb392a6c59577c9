"""The last line that the snapshots stand on: damaged, nothing is written behind it."""

from pathlib import Path

import pytest
from storekit import NEXT, everything, head

from store.errors import ReadOnlyError
from store.folder import Store


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
