"""The gates of a removal: which apply to whom, with which standing, and what opens them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from rules.facts import Moment, PupilFacts
from rules.gates import Gate, Stand, gates
from tests.rules.groundkit import CALENDAR, RULES, event, pupil, school

ON = date(2025, 2, 10)
LETTER = event(
    "parent_letter", date(2025, 2, 3), intent="home-education", in_writing=True, last_day=date(2025, 2, 7)
)


@dataclass
class Asked:
    """One removal with everything open; tests change what they are about."""

    letter: str = "F"
    who: PupilFacts = field(default_factory=lambda: pupil(events=(LETTER,)))
    kind: str = "academy"
    policy: bool = True
    stand: dict[str, Any] = field(default_factory=dict)

    def gates(self) -> dict[str, Gate]:
        blank: dict[str, Any] = {
            "requested_by": "dsl", "evidence": {}, "confirmations": {}, "return_sent": None, "return_due": True,
            "overrides": {}, "authorised_by": None, "leaves_on": None,
        }  # fmt: skip
        stand = Stand(letter=self.letter, **{**blank, **self.stand})
        found = gates(RULES, CALENDAR, school(self.kind, self.policy), self.who, Moment(on=ON), stand)
        return {gate.id: gate for gate in found}


def states(asked: Asked) -> dict[str, str]:
    return {name: gate.state for name, gate in asked.gates().items()}


def test_w5_a_mainstream_letter_needs_the_policy_s_confirmation_and_no_consent() -> None:
    assert states(Asked()) == {
        "conditions": "met", "school-attendance-order": "met", "la-consent": "does-not-apply",
        "la-confirmation": "open", "return-sent": "open", "authorisation": "open", "date": "open",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "placed", "state"),
    [
        ("special-maintained", True, "open"),
        ("special-academy", True, "open"),
        ("special-maintained", False, "does-not-apply"),
        ("independent-special", True, "does-not-apply"),
        ("maintained", True, "does-not-apply"),
    ],
)
def test_w6_consent_is_law_for_placed_pupils_of_special_schools(kind: str, placed: bool, state: str) -> None:
    gate = Asked(kind=kind, who=pupil(events=(LETTER,), placed_by_la=placed)).gates()["la-consent"]
    assert (gate.state, gate.standing, gate.overridable) == (state, "law", False)


def test_how_sure_the_rule_of_consent_is_depends_on_the_kind_of_school() -> None:
    placed = pupil(events=(LETTER,), placed_by_la=True)
    found = {
        kind: Asked(kind=kind, who=placed).gates()["la-consent"]
        for kind in ("special-maintained", "special-academy", "independent-special")
    }
    assert [gate.certainty for gate in found.values()] == ["second-hand", "unverified", "unverified"]
    assert "section 434A" in found["independent-special"].why


def test_consent_opens_by_a_yes_alone_and_is_never_overridden() -> None:
    placed = Asked(kind="special-maintained", who=pupil(events=(LETTER,), placed_by_la=True))
    placed.stand = {
        "confirmations": {"la-consent": ("no", "no: P. Rowe")},
        "overrides": {"la-consent": "we want to"},
    }
    assert placed.gates()["la-consent"].state == "open"
    placed.stand = {"confirmations": {"la-consent": ("yes", "yes: P. Rowe")}}
    assert placed.gates()["la-consent"].state == "met"


@pytest.mark.parametrize(
    ("letter", "policy", "state"),
    [
        ("F", True, "open"),
        ("H", True, "open"),
        ("I", True, "open"),
        ("A", True, "does-not-apply"),
        ("F", False, "does-not-apply"),
    ],
)
def test_confirmation_is_policy_for_home_education_and_unknown_reasons(
    letter: str, policy: bool, state: str
) -> None:
    gate = Asked(letter=letter, policy=policy).gates()["la-confirmation"]
    assert (gate.state, gate.standing, gate.overridable) == (state, "policy", True)


def test_a_policy_gate_can_be_gone_on_without_with_its_reason_shown() -> None:
    gate = Asked(stand={"overrides": {"la-confirmation": "the law says it must go"}}).gates()[
        "la-confirmation"
    ]
    assert gate.state == "overridden"
    assert "the law says it must go" in gate.why


@pytest.mark.parametrize(
    ("state", "expected"), [("in-force", "open"), ("revoked", "met"), ("other-school", "met")]
)
@pytest.mark.parametrize("letter", ["A", "F", "G", "H", "I"])
def test_an_attendance_order_blocks(letter: str, state: str, expected: str) -> None:
    who = pupil(events=(LETTER, event("school_attendance_order", date(2025, 1, 20), state=state)))
    assert Asked(letter=letter, who=who).gates()["school-attendance-order"].state == expected


def test_how_sure_the_block_is_depends_on_the_ground() -> None:
    assert Asked(letter="F").gates()["school-attendance-order"].certainty == "verified"
    assert Asked(letter="H").gates()["school-attendance-order"].certainty == "unverified"


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2025, 2, 9), "open"), (date(2025, 2, 10), "met"), (date(2025, 2, 11), "met"), (None, "open")],
)
def test_a_name_is_never_deleted_back_dated(day: date | None, state: str) -> None:
    assert Asked(stand={"leaves_on": day}).gates()["date"].state == state


def test_the_other_gates_open_by_their_own_acts() -> None:
    sent = Asked(stand={"return_sent": "secure form", "authorised_by": "leader"})
    assert {k: states(sent)[k] for k in ("return-sent", "authorisation")} == {
        "return-sent": "met",
        "authorisation": "met",
    }
    assert states(Asked(stand={"return_due": False}))["return-sent"] == "does-not-apply"


def test_every_gate_has_its_text_and_source() -> None:
    for gate in Asked().gates().values():
        assert gate.title
        assert gate.why
        assert gate.citation.text
        assert gate.citation.quote
