from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.blocks import Block, block_of, make_blocks
from workbench.domain.school import School
from workbench.domain.schoolfile import read, school_of


def school(text: str) -> School:
    return school_of(read(text), since=date(2026, 9, 3))


def test_a_year_has_six_half_terms_from_mondays(school_toml: str) -> None:
    found = school(school_toml)
    blocks = make_blocks(found.terms, found.closures)
    assert [block.first.isoformat() for block in blocks] == [
        "2026-08-31",
        "2026-11-02",
        "2027-01-04",
        "2027-02-22",
        "2027-04-12",
        "2027-06-07",
    ]
    assert all(block.first.weekday() == 0 and block.days % 7 == 0 for block in blocks)


def test_every_day_of_every_term_lies_in_one_block(school_toml: str) -> None:
    found = school(school_toml)
    blocks = make_blocks(found.terms, found.closures)
    for term in found.terms:
        day = term.first
        while day <= term.last:
            block = block_of(blocks, day)
            assert block is not None
            assert 0 <= block.position(day, "AM") < block.position(day, "PM") < block.length
            day += timedelta(days=1)


def test_a_late_closure_moves_no_mark(school_toml: str) -> None:
    """Position counts days, not school days."""
    block = Block(date(2026, 11, 2), 63)
    assert block.position(date(2026, 11, 16), "PM") == 29


def test_outside_of_all_blocks() -> None:
    blocks = [Block(date(2026, 11, 2), 7)]
    assert block_of(blocks, date(2026, 11, 1)) is None
    assert block_of(blocks, date(2026, 11, 9)) is None
    assert block_of(blocks, date(2026, 11, 8)) == blocks[0]


@given(st.integers(0, 125))
def test_position_and_session_are_each_others_inverse(position: int) -> None:
    block = Block(date(2026, 11, 2), 63)
    assert block.position(*block.at(position)) == position
