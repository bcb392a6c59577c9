"""Days as people type them."""

from datetime import date

import pytest

from screens.typed import UnreadableError, read_day

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 23)),
        (" Yesterday ", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("fri", date(2026, 11, 20)),
        ("monday", date(2026, 11, 23)),
        ("next fri", date(2026, 11, 27)),
        ("next monday", date(2026, 11, 30)),
        ("20 nov", date(2026, 11, 20)),
        ("3/1", date(2027, 1, 3)),
        ("2 January", date(2027, 1, 2)),
        ("20/11/2025", date(2025, 11, 20)),
        ("2026-09-03", date(2026, 9, 3)),
    ],
)
def test_what_is_read(text: str, day: date) -> None:
    assert read_day(text, MONDAY) == day


@pytest.mark.parametrize("text", ["", "soon", "31 feb", "32/1", "2026-13-01", "fri 20"])
def test_what_is_not(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_day(text, MONDAY)
