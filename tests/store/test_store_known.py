"""What was known on an earlier day."""

import pytest
from storekit import DAY, FILE, NEXT, head

from store.errors import InvalidDocError
from store.folder import Store


def test_the_log_is_replayed_up_to_a_moment(store: Store) -> None:
    evening = store.as_known("2026-11-23T23:59:59+00:00")
    assert evening.docs(FILE, "marks")["M-2"]["codes"] == "." * 12
    assert evening.get(FILE, "marks", "M-1") == {
        "id": "M-1",
        "pupil": "P-1",
        "codes": "...N........",
        "rev": 2,
    }
    assert evening.head.seq == 4
    assert store.as_known(NEXT).docs(FILE, "marks") == store.docs(FILE, "marks")
    before = store.as_known("2026-11-23T08:54:59+00:00")
    assert before.head.seq == 0
    assert dict(before.docs("pupils", "pupils")) == {}
    assert before.get("pupils", "pupils", "P-1") is None


def test_moments_are_compared_as_instants(store: Store) -> None:
    assert store.as_known("2026-11-23T09:55:00+01:00").head.seq == 4
    assert store.as_known("2026-11-23T09:54:59+01:00").head.seq == 0


def test_the_first_later_entry_stops_even_if_the_clock_went_back(store: Store) -> None:
    store.note(**head(at="2026-11-22T08:00:00+00:00"))
    assert store.as_known(DAY).head.seq == 4


def test_what_is_known_does_not_change_with_the_present(store: Store) -> None:
    then = store.as_known(NEXT)
    with store.change(**head(at=NEXT)) as tx:
        tx.drop("pupils", "pupils", "P-1")
        tx.splice(FILE, "marks", "M-1", 0, "/")
    assert "P-1" in then.docs("pupils", "pupils")
    assert then.docs(FILE, "marks")["M-1"]["codes"] == "...N........"


@pytest.mark.parametrize("until", ["2026-11-23", "2026-11-23T08:00:00", "yesterday", ""])
def test_a_moment_needs_its_offset(store: Store, until: str) -> None:
    with pytest.raises(InvalidDocError):
        store.as_known(until)
