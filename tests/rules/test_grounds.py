"""Grounds: just below, at and above every number and date. The examples beside the rules have more."""

from datetime import date, timedelta

import pytest

from rules.errors import NotInRuleSet, NoValueInForce
from rules.grounds import ground, list_grounds, met_on, old_grounds
from tests.rules.groundkit import DAYS, RULES, event, judged, marks, pupil

ON = date(2025, 2, 14)
LIMBS = {"no_unavoidable_cause": "yes", "joint_enquiries": "yes", "not_found_or_agreed": "yes"}


def test_all_fifteen_are_whole_and_regulation_9_3_stands_beside_them() -> None:
    found = list_grounds(RULES, ON)
    assert [g.letter for g in found] == [*"ABCDEFGHIJKLMNO", "LEFT"]
    assert all(g.available and g.conditions for g in found)
    assert all(g.citation.text.endswith(f"({g.letter.lower()})") for g in found[:-1])
    assert found[-1].citation.text == "SI 2024/208 reg 9(3)"


@pytest.mark.parametrize("letter", ["P", "Z", "1", ""])
def test_a_letter_that_is_not_here_is_answered_plainly(letter: str) -> None:
    with pytest.raises(NotInRuleSet, match=f"^Ground {letter} is not in this rule set$"):
        ground(RULES, letter, ON)


def test_every_letter_of_2006_is_mapped_to_grounds_that_exist() -> None:
    old = old_grounds(RULES)
    assert [row.letter for row in old.row] == list("abcdefghijklmno")
    assert {letter for row in old.row for letter in row.now} == set("ABCDEFGHIJKLMNO")
    assert [row.letter for row in old.row if not row.now] == ["g"]


def test_the_order_does_not_block_where_the_authority_made_the_change() -> None:
    blocked = {g.letter for g in list_grounds(RULES, ON) if g.blocked_by_order}
    assert blocked == set("ACFGHIJ")


def test_before_the_regulations_there_is_no_answer() -> None:
    with pytest.raises(NoValueInForce):
        ground(RULES, "A", date(2024, 8, 18))
    assert ground(RULES, "A", date(2024, 8, 19)).letter == "A"


@pytest.mark.parametrize(("days", "met"), [(19, False), (20, True), (21, True)])
def test_ground_i_needs_twenty_school_days(days: int, met: bool) -> None:
    until = DAYS[days - 1]
    found = judged("I", pupil(marks=marks({}, until)), until, LIMBS)
    assert found["continuous_absence"].met is met
    assert found["continuous_absence"].met_on == (DAYS[19] if met else None)
    assert met_on(list(found.values())) == (DAYS[19] if met else None)


def test_w7_a_u_starts_the_twenty_days_again() -> None:
    who = pupil(marks=marks({date(2025, 1, 7): "/ \\", date(2025, 1, 17): "U O"}, date(2025, 2, 14)))
    assert judged("I", who, date(2025, 2, 4), LIMBS)["continuous_absence"].met is False
    assert judged("I", who, date(2025, 2, 13), LIMBS)["continuous_absence"].met is False
    assert judged("I", who, date(2025, 2, 14), LIMBS)["continuous_absence"].met_on == date(2025, 2, 14)


@pytest.mark.parametrize("code", ["G", "N", "O"])
def test_ground_i_counts_g_n_and_o(code: str) -> None:
    assert judged("I", pupil(marks=marks({}, DAYS[19], code)), DAYS[19], LIMBS)["continuous_absence"].met


@pytest.mark.parametrize("code", ["I", "C", "M", "E", "L", "Y4", "Y7", "X"])
def test_any_other_code_ends_the_run_of_ground_i(code: str) -> None:
    who = pupil(marks=marks({DAYS[10]: code}, DAYS[24]))
    assert judged("I", who, DAYS[24], LIMBS)["continuous_absence"].met is False


def test_a_missing_mark_proves_nothing_for_ground_i() -> None:
    text = bytearray(marks({}, DAYS[19]))
    text[10] = ord(".")
    assert judged("I", pupil(marks=bytes(text)), DAYS[19], LIMBS)["continuous_absence"].met is False


def test_ground_i_is_not_read_over_days_that_nobody_marked() -> None:
    """Today's registers may be yet to take; of earlier days a missing mark may hide that the child is back."""
    who = pupil(marks=marks({}, DAYS[19]))
    assert judged("I", who, DAYS[20], LIMBS)["continuous_absence"].met is True
    late = judged("I", who, DAYS[21], LIMBS)["continuous_absence"]
    assert (late.met, "a mark is missing" in late.why) == (False, True)


def test_a_completed_ground_i_still_holds_when_the_leaver_is_no_longer_marked() -> None:
    who = pupil(marks=marks({}, DAYS[19]), left=DAYS[20])
    assert judged("I", who, DAYS[40], LIMBS)["continuous_absence"].met is True


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ([{"school": True}], False),
        ([{"la": True}], False),
        ([{"school": True}, {"la": True}], True),
        ([{"school": True, "la": True}], True),
    ],
)
def test_enquiries_have_to_be_joint(fields: list[dict[str, bool]], met: bool) -> None:
    events = tuple(event("enquiries", DAYS[3], **each) for each in fields)
    found = judged("I", pupil(marks=marks({}, DAYS[19]), events=events), DAYS[19])
    assert found["joint_enquiries"].met is met


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({"found": False}, True),
        ({"found": True}, False),
        ({"found": True, "agree_not_returning": True}, True),
    ],
)
def test_found_does_not_end_it_unless_both_agree(fields: dict[str, bool], met: bool) -> None:
    who = pupil(
        marks=marks({}, DAYS[19]), events=(event("enquiries", DAYS[3], school=True, la=True, **fields),)
    )
    assert judged("I", who, DAYS[19])["not_found_or_agreed"].met is met


def test_a_believed_cause_stands_in_the_way_whatever_is_stated() -> None:
    who = pupil(marks=marks({}, DAYS[19]), events=(event("unavoidable_cause", DAYS[5], believed=True),))
    assert judged("I", who, DAYS[19], LIMBS)["no_unavoidable_cause"].met is False


@pytest.mark.parametrize(("days", "met"), [(9, False), (10, True), (11, True)])
def test_ground_h_needs_ten_school_days_straight_after_the_leave(days: int, met: bool) -> None:
    leave = event("leave_granted", DAYS[0], **{"from": DAYS[0], "to": date(2025, 1, 10)})
    after = [d for d in DAYS if d > date(2025, 1, 10)]
    until = after[days - 1]
    who = pupil(marks=marks({}, until), events=(leave,))
    found = judged("H", who, until, LIMBS)
    assert found["not_back"].met is met
    assert met_on(list(found.values())) == (date(2025, 1, 24) if met else None)


@pytest.mark.parametrize("code", ["/ \\", "O U", "L O"])
def test_who_was_seen_after_the_leave_is_no_ground_h(code: str) -> None:
    leave = event("leave_granted", DAYS[0], **{"from": DAYS[0], "to": date(2025, 1, 10)})
    who = pupil(marks=marks({date(2025, 1, 24): code}, date(2025, 2, 3)), events=(leave,))
    assert judged("H", who, date(2025, 2, 3), LIMBS)["not_back"].met is False


def test_a_missing_mark_proves_nothing_for_ground_h() -> None:
    leave = event("leave_granted", DAYS[0], **{"from": DAYS[0], "to": date(2025, 1, 10)})
    text = bytearray(marks({}, date(2025, 1, 24)))
    text[2 * DAYS.index(date(2025, 1, 15))] = ord(".")
    found = judged("H", pupil(marks=bytes(text), events=(leave,)), date(2025, 1, 24), LIMBS)["not_back"]
    assert found.met is False
    assert "Wed 15 Jan" in found.why


@pytest.mark.parametrize(
    ("on", "met"), [(date(2025, 2, 6), False), (date(2025, 2, 7), False), (date(2025, 2, 8), True)]
)
def test_ground_f_begins_the_day_after_the_stated_day(on: date, met: bool) -> None:
    letter = event(
        "parent_letter", date(2025, 2, 3), intent="home-education", in_writing=True, last_day=date(2025, 2, 7)
    )
    found = judged("F", pupil(events=(letter,)), on)
    assert found["letter_says_home_education"].met
    assert found["last_day_passed"].met is met
    assert met_on(list(found.values())) == (date(2025, 2, 8) if met else None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"intent": "off-roll-only", "in_writing": True},
            "does not say that the child will be home educated",
        ),
        ({"intent": "moving", "in_writing": True}, "does not say that the child will be home educated"),
        ({"intent": "home-education", "in_writing": False}, "said, not written"),
    ],
)
def test_other_letters_are_not_ground_f(fields: dict[str, object], why: str) -> None:
    found = judged("F", pupil(events=(event("parent_letter", date(2025, 2, 3), **fields),)), ON)
    assert found["letter_says_home_education"].met is False
    assert why in found["letter_says_home_education"].why


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_ground_a_needs_a_registration_not_an_offer(away: int) -> None:
    elsewhere = event(
        "registered_elsewhere", date(2025, 2, 3), school="Harbour", as_of=ON + timedelta(days=away)
    )
    found = judged("A", pupil(events=(elsewhere,)), ON)
    assert found["registered_elsewhere"].met is (away <= 0)


def test_ground_a_and_who_is_registered_at_both() -> None:
    elsewhere = event("registered_elsewhere", ON, school="Harbour", as_of=ON)
    assert (
        judged("A", pupil(events=(elsewhere,), mobile_child=True), ON)["not_mobile_main_school"].met is False
    )
    assert (
        judged("A", pupil(events=(elsewhere,), dual_registered_at="Harbour"), ON)["no_dual_agreement"].met
        is False
    )


def test_ground_g_is_not_for_boarders_and_rests_on_evidence() -> None:
    evidence = {"moved_away": "yes", "no_grounds_to_expect_return": "yes"}
    assert all(c.met for c in judged("G", pupil(), ON, evidence).values())
    assert judged("G", pupil(boarder=True), ON, evidence)["not_a_boarder"].met is False
    assert judged("G", pupil(), ON)["moved_away"].why == "no evidence is recorded"


def test_what_the_law_leaves_open_keeps_its_mark() -> None:
    assert judged("F", pupil(), ON)["letter_says_home_education"].certainty == "unverified"
    assert judged("I", pupil(), ON)["joint_enquiries"].certainty == "second-hand"
