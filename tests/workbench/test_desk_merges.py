"""What two desks write at the same time: what is added merges, marks of different pupils merge, and the same mark of
the same session is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import DeskFor, signer
from tests.workbench.story import opened
from workbench.desk import cases, contacts, enquiries, folders, referrals, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.news import stands_at
from workbench.domain.errors import ConflictError, InvalidError
from workbench.domain.register import Standing

TODAY = date(2026, 11, 23)
CLASS = "9B"
CODES = ("/", "N", "I", "L", "M")
SLOW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def two(folder: Path, clock: FixedClock, desk_for: DeskFor) -> Iterator[tuple[Desk, Desk]]:
    """The DSL and the deputy, each at a handle of their own on one folder, as two processes have them."""
    first = desk_for("dsl")
    second = folders.open_folder(folder, clock)
    yield first, signer(second)("deputy")
    second.close()


def marks(desk: Desk) -> dict[str, str]:
    """Pupil of the class to this morning's mark."""
    return {row.pupil.id: row.marks.get((TODAY, "AM"), "") for row in registers.view(desk, CLASS, TODAY).rows}


@SLOW
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["note", "enquiry", "contact"])), max_size=12))
def test_whatever_two_desks_add_to_a_case_is_all_there(
    two: tuple[Desk, Desk], added: list[tuple[int, str]]
) -> None:
    found = [row.case for row in cases.cases(two[0])]
    case = found[0] if found else opened(two[0])
    before = {line.text for line in cases.show(two[0], case.id, again=True).chronology}
    wrote = set()
    for number, (who, what) in enumerate(added):
        desk, words = two[who], f"{what} {len(before)} {number} by {two[who].user()}"
        if what == "note":
            cases.note(desk, case.id, words)
        elif what == "enquiry":
            enquiries.add(desk, case.id, enquiries.steps(desk)[number % 3][0], words)
        else:
            contacts.add(desk, case.pupil, "mother", words, case=case.id)
        wrote.add(words)
    for desk in two:
        after = [line.text for line in cases.show(desk, case.id, again=True).chronology]
        assert all(any(words in text for text in after) for words in wrote)
        assert before <= set(after)


@SLOW
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 40), st.sampled_from(CODES)), max_size=20))
def test_marks_from_two_desks_stand_as_the_last_who_saw_them_wrote_them(
    two: tuple[Desk, Desk], typed: list[tuple[int, int, str]]
) -> None:
    """Each desk sees what it wrote and read last; a mark is written only on what was seen, else nothing changes."""
    stands = marks(two[0])
    ids = sorted(stands)
    seen = [dict(stands), dict(stands)]
    for who, place, code in typed:
        child = ids[place % len(ids)]
        late = 5 if code == "L" else None
        if stands[child] in (seen[who][child], code):
            stands[child] = registers.mark(
                two[who], child, TODAY, "AM", code, minutes=late, seen=seen[who][child]
            )
        else:
            with pytest.raises(ConflictError) as error:
                registers.mark(two[who], child, TODAY, "AM", code, minutes=late, seen=seen[who][child])
            assert (error.value.theirs["code"], error.value.by) == (stands[child], two[1 - who].user())
        seen[who][child] = stands[child]
        assert marks(two[1 - who]) == stands == marks(two[who])


def test_what_two_people_add_to_a_referral_is_all_there(two: tuple[Desk, Desk]) -> None:
    case = opened(two[0])
    made = referrals.add(two[0], case.id, "early-help", "refer", "the family asked", consent="given")
    referrals.reply(two[1], made.id, "they will call")
    referrals.escalate(two[0], made.id, "to the manager: nobody called")
    referrals.reply(two[1], made.id, "they have called")
    found = cases.show(two[0], case.id, again=True).referrals[0]
    assert [reply.text for reply in found.replies] == ["they will call", "they have called"]
    assert "to the manager" in found.escalated


def test_marks_of_different_pupils_merge_without_a_word(two: tuple[Desk, Desk]) -> None:
    first, second, *_ = marks(two[0])
    assert registers.mark(two[0], first, TODAY, "AM", "N", seen=Standing()) == "N"
    assert registers.mark(two[1], second, TODAY, "AM", "L", minutes=9, seen=Standing()) == "L"
    assert {marks(desk)[own_id] for desk in two for own_id in (first, second)} == {"N", "L"}


def test_the_second_mark_of_a_pupil_is_told_what_stands_and_by_whom(two: tuple[Desk, Desk]) -> None:
    first, *_ = marks(two[0])
    registers.mark(two[1], first, TODAY, "AM", "L", minutes=9, seen=Standing())
    before = stands_at(two[0])
    with pytest.raises(ConflictError, match=f"{first} 2026-11-23 AM was marked L meanwhile") as error:
        registers.mark(two[0], first, TODAY, "AM", "N", seen=Standing())
    assert (error.value.by, error.value.at[:16]) == ("deputy", "2026-11-23T09:12")
    assert (error.value.theirs["code"], error.value.theirs["minutes"]) == ("L", 9)
    assert stands_at(two[0]) == before, "nothing was written"
    assert registers.mark(two[0], first, TODAY, "AM", "N", seen=Standing(code="L", minutes=9)) == "N"


def test_minutes_and_notes_are_part_of_what_was_seen(two: tuple[Desk, Desk]) -> None:
    first, *_ = marks(two[0])
    registers.mark(two[0], first, TODAY, "AM", "L", minutes=5)
    registers.mark(two[1], first, TODAY, "AM", "L", minutes=20)
    with pytest.raises(ConflictError):
        registers.mark(two[0], first, TODAY, "AM", "/", seen=Standing(code="L", minutes=5))
    assert registers.mark(two[0], first, TODAY, "AM", "/", seen="l") == "/", "the code alone, either case"


def test_the_same_mark_twice_is_nothing_to_decide(two: tuple[Desk, Desk]) -> None:
    first, *_ = marks(two[0])
    registers.mark(two[1], first, TODAY, "AM", "N")
    assert registers.mark(two[0], first, TODAY, "AM", "N", seen=Standing()) == "N"


def test_the_rest_marked_present_leaves_what_others_marked(two: tuple[Desk, Desk]) -> None:
    first, *others = marks(two[0])
    registers.mark(two[1], first, TODAY, "AM", "N")
    assert registers.rest_present(two[0], CLASS, TODAY, "AM") == len(others)
    assert marks(two[1]) == {first: "N"} | dict.fromkeys(others, "/")
    with pytest.raises(ConflictError) as error:
        registers.mark(two[1], others[0], TODAY, "AM", "L", minutes=3, seen="")
    assert error.value.by == "dsl"


def test_a_register_taken_meanwhile_says_by_whom(two: tuple[Desk, Desk]) -> None:
    first, *_ = marks(two[0])
    registers.rest_present(two[1], CLASS, TODAY, "AM")
    registers.take(two[1], CLASS, TODAY, "AM")
    with pytest.raises(InvalidError, match="was taken by deputy"):
        registers.mark(two[0], first, TODAY, "AM", "N", seen="")


def test_what_two_desks_read_is_the_same(two: tuple[Desk, Desk]) -> None:
    child = roll.pupils(two[0])[0]
    roll.edit(two[1], child.id, {"postcode": "TQ9 9ZZ"})
    assert roll.find(two[0], child.id) == roll.find(two[1], child.id)
