"""Packs: strict reading, dates, and layers that can only tighten."""

from datetime import date
from typing import Any

import pytest

from rules import engine, packs
from rules.dated import Dated, in_force
from rules.errors import LoosenedError, NoValueInForce, PackError
from rules.facts import Moment, SchoolFacts, SchoolFile
from rules.packs import Pack, RuleSet
from rules.rulefile import Extension, Question, RuleFile, assemble
from tests.rules.rulekit import FILE, RULES, YEAR, D, pupil

TEN = "absence.ten-day-return"
ON = D(2024, 9, 17)


def question(**changed: Any) -> Question:
    given: dict[str, Any] = {"on": ON, "kind": "academy", "policy": True, "csa": True}
    return Question(**{**given, **changed})


def version(**changed: Any) -> dict[str, Any]:
    given = {"from": D(2024, 8, 19), "standing": "law", "certainty": "verified", "law": "x", "quote": "y"}
    return {**given, **changed}


def file(*versions: dict[str, Any], **changed: Any) -> RuleFile:
    given = {"title": "t", "trigger": "absence-run", "action": "a", "ends": "e", "owner": "dsl"}
    return packs.build("f", {**given, "version": list(versions), **changed}, RuleFile)


def later(*versions: dict[str, Any]) -> Extension:
    return packs.build("g", {"version": list(versions)}, Extension)


def test_law_comes_first_and_policy_adds_its_recipients() -> None:
    found = RULES.resolve(TEN, question())
    assert found is not None
    assert found.standing == "law"
    assert found.recipients == ("la:statutory", "social-worker?", "virtual-school?")
    assert found.params["days"] == 10
    assert [standing for standing, _ in found.also] == ["policy"]


def test_without_the_policy_the_law_stands_alone() -> None:
    found = RULES.resolve(TEN, question(policy=False))
    assert found is not None
    assert found.recipients == ("la:statutory",)
    assert found.also == ()


def test_outside_compulsory_age_the_policy_stands_on_the_laws_numbers() -> None:
    found = RULES.resolve(TEN, question(csa=False))
    assert found is not None
    assert found.standing == "policy"
    assert found.params["days"] == 10
    assert RULES.resolve(TEN, question(csa=False, policy=False)) is None


def test_a_kind_of_school_decides_between_law_and_policy() -> None:
    law = RULES.resolve("suspension.sixth-day", question(kind="maintained"))
    policy = RULES.resolve("suspension.sixth-day", question(kind="independent-special"))
    assert law is not None
    assert policy is not None
    assert (law.standing, policy.standing) == ("law", "policy")
    assert RULES.resolve("suspension.sixth-day", question(kind="independent", policy=False)) is None


def test_a_rule_of_two_eras_cites_the_one_of_the_day() -> None:
    old, new = (RULES.resolve(TEN, question(on=on)) for on in (D(2024, 8, 18), D(2024, 8, 19)))
    assert old is not None
    assert new is not None
    assert (old.citation.text, new.citation.text) == (
        "SI 2006/1751 reg 12(1)",
        "SI 2024/208 reg 13 (attendance return)",
    )


def test_before_its_first_version_a_rule_is_not_in_force_and_says_so() -> None:
    rule = RULES.rule("absence.resolve-n")
    assert RULES.resolve("absence.resolve-n", question(on=D(2024, 8, 18))) is None
    assert RULES.resolve("absence.resolve-n", question(on=D(2024, 8, 19))) is not None
    assert rule.silent("academy", True, {}, D(2024, 8, 18)) == "is not in force on 2024-08-18"


def test_a_gap_between_versions_is_named_and_a_later_version_takes_over() -> None:
    rule = assemble(
        "r",
        [
            (
                "england",
                "f",
                file(
                    version(to=D(2024, 12, 31), params={"days": 10}),
                    version(**{"from": D(2025, 1, 2)}, params={"days": 8}),
                ),
            )
        ],
    )
    first, second = rule.resolve(question(on=D(2024, 12, 31))), rule.resolve(question(on=D(2025, 1, 2)))
    assert first is not None
    assert second is not None
    assert (first.params["days"], second.params["days"]) == (10, 8)
    with pytest.raises(NoValueInForce, match="2025-01-01"):
        rule.resolve(question(on=D(2025, 1, 1)))


def test_a_switched_law_is_off_until_the_school_says_from_when() -> None:
    rule = assemble("r", [("england", "f", file(version(switch="cwsa-2026-s37")))])
    assert rule.resolve(question()) is None
    on = (("cwsa-2026-s37", D(2026, 9, 1)),)
    assert rule.resolve(question(on=D(2026, 9, 1), commenced=on)) is not None
    assert rule.resolve(question(on=D(2026, 8, 31), commenced=on)) is None
    assert rule.silent("academy", True, {}, ON) == "is not in force on 2024-09-17"


def test_dated_values_hold_on_both_of_their_ends() -> None:
    value = Dated(
        from_=D(2024, 1, 1), to=D(2024, 1, 31), standing="law", certainty="verified", law="x", quote="y"
    )
    assert [value.holds(D(2024, 1, d)) for d in (1, 31)] == [True, True]
    assert [value.holds(d) for d in (D(2023, 12, 31), D(2024, 2, 1))] == [False, False]
    with pytest.raises(NoValueInForce, match=r"r: .*`v`.*2024-02-01"):
        in_force([value], D(2024, 2, 1), "r", "v")


# later layers -----------------------------------------------------------------------------------------------

LA = """
[[rule]]
id = "absence.ten-day-return"
[[rule.version]]
from = 2024-09-01
standing = "local"
certainty = "verified"
law = "North attendance protocol"
quote = "from the eighth day"
checked = 2024-09-01
recipients = ["ewo"]
params = {days = 8}
"""


def la(text: str = LA) -> Pack:
    return Pack(name="north.toml", layer="la", text=text)


def test_an_authority_may_ask_earlier_and_add_a_recipient() -> None:
    rules = RuleSet([la()])
    who = pupil(ON, {(D(2024, 9, 4), ON): "O"})
    found = engine.duties(rules, YEAR, FILE, who, Moment(on=ON), frozenset({TEN}))
    assert [(d.trigger, d.recipients, d.standing) for d in found] == [
        (D(2024, 9, 13), ("la:North", "ewo"), "law")
    ]
    assert found[0].action == "Tell the LA: eight school days absent"
    assert "Also local: North attendance protocol." in found[0].trace.facts


def test_what_only_a_local_number_asks_for_is_local_until_the_law_is_reached() -> None:
    """Day 8 of an authority's eight is its own; from day 10 on the duty is the law's, with the law's source."""
    rules = RuleSet([la()])
    away = {(D(2024, 9, 4), D(2024, 9, 17)): "O"}

    def asked(on: date) -> list[tuple[str, str]]:
        who = pupil(on, away)
        found = engine.duties(rules, YEAR, FILE, who, Moment(on=on), frozenset({TEN}))
        return [(duty.standing, duty.citation.text) for duty in found]

    assert asked(D(2024, 9, 12)) == []
    assert asked(D(2024, 9, 13)) == [("local", "North attendance protocol")]
    assert asked(D(2024, 9, 16)) == [("local", "North attendance protocol")]
    assert asked(D(2024, 9, 17)) == [("law", "SI 2024/208 reg 13 (attendance return)")]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("params = {days = 8}", "params = {days = 11}"),
        ("params = {days = 8}", 'params = {codes = ["O"]}'),
        ("params = {days = 8}", 'params = {days = "8"}'),
        ("params = {days = 8}", 'params = {passes = ["#"]}'),
    ],
)
def test_asking_less_than_the_law_is_refused_at_load(was: str, now: str) -> None:
    with pytest.raises(LoosenedError, match=r"north\.toml: rule absence\.ten-day-return.*may only tighten"):
        RuleSet([la(LA.replace(was, now))])


def test_more_codes_ask_more() -> None:
    text = LA.replace("params = {days = 8}", 'params = {codes = ["G", "N", "O", "U", "I"]}')
    assert RuleSet([la(text)]).resolve(TEN, question()) is not None


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('standing = "local"', 'standing = "law"', "can only be local"),
        ("recipients", "recipient", "recipient"),
        ('quote = "from the eighth day"', "", "quote"),
        ("[[rule]]", "[[rules]]", "rules"),
        ('id = "absence.ten-day-return"', "", "`id`"),
        ("from = 2024-09-01", 'from = "soon"', "from"),
        ("from = 2024-09-01", "from = 2024-09-01\nfrom = 2024-09-02", "Cannot overwrite"),
        ('id = "absence.ten-day-return"', 'id = "absence.new-rule"', "trigger|title"),
        ("[[rule.version]]", '[[rule.version]]\ntrigger = "x"', "trigger"),
    ],
)
def test_a_wrong_pack_is_refused_with_file_and_key(was: str, now: str, words: str) -> None:
    with pytest.raises(PackError, match=rf"^north\.toml.*(?:{words})"):
        RuleSet([la(LA.replace(was, now))])


def test_a_pack_has_to_say_its_layer() -> None:
    with pytest.raises(PackError, match="the layer is trust, la, school"):
        RuleSet([Pack(name="x", layer="england", text=LA)])


def test_a_school_may_add_a_rule_of_its_own() -> None:
    text = """
[[rule]]
id = "absence.school-five"
title = "Five days"
trigger = "absence-run"
action = "Call the family in: {days} school days absent"
ends = "it is done"
owner = "attendance"
[[rule.version]]
from = 2024-09-01
standing = "local"
certainty = "verified"
law = "School attendance plan"
quote = "after five days"
checked = 2024-09-01
recipients = ["parents"]
params = {days = 5, codes = ["O", "N"], passes = [], seen = [], doubtful = [], warn_from = 3}
"""
    rules = RuleSet([Pack(name="own.toml", layer="school", text=text)])
    assert "absence.school-five" in rules.rule_ids
    who = pupil(ON, {(D(2024, 9, 4), ON): "O"})
    found = engine.duties(rules, YEAR, FILE, who, Moment(on=ON), frozenset({"absence.school-five"}))
    assert [(d.trigger, d.standing) for d in found] == [(D(2024, 9, 10), "local")]


def test_a_wrong_parameter_is_named_with_its_rule() -> None:
    text = LA.replace("params = {days = 8}", "params = {dayz = 8}")
    with pytest.raises(PackError, match=r"absence\.ten-day-return.*dayz"):
        engine.duties(RuleSet([la(text)]), YEAR, FILE, pupil(ON), Moment(on=ON), frozenset({TEN}))


def test_an_unknown_trigger_is_named() -> None:
    rules = RuleSet()
    rules._rules["x.y"] = assemble("x.y", [("england", "f", file(version(), trigger="moon"))])
    with pytest.raises(PackError, match="'moon'"):
        engine.trigger_of(rules, "x.y")


def test_an_unknown_rule_or_table_is_named() -> None:
    with pytest.raises(PackError, match=r"no\.such-rule"):
        RULES.rule("no.such-rule")
    with pytest.raises(PackError, match=r"rules/england/nothing\.toml"):
        packs.table("england", "nothing", RuleFile)


def test_unknown_keys_in_a_table_are_named() -> None:
    with pytest.raises(PackError, match="colour"):
        file(version(colour="red"))
    with pytest.raises(PackError, match="`nothing`"):
        packs.build("f", {"nothing": 1}, RuleFile)


def test_the_shipped_rules_are_loaded_once() -> None:
    assert packs.load() is packs.load()
    assert packs.load([la()]) is not packs.load()


def test_an_older_cause_is_judged_by_the_version_of_its_day() -> None:
    """A run of September under ten days stands, though eight are asked for since October."""
    rules = RuleSet()
    old, new = {"days": 10}, {"days": 8}
    rest = {"codes": ["O"], "passes": [], "seen": [], "doubtful": [], "warn_from": 3}
    made = file(
        version(to=D(2024, 9, 30), params={**rest, **old}),
        version(**{"from": D(2024, 10, 1)}, params={**rest, **new}),
    )
    rules._rules = {TEN: assemble(TEN, [("england", "f", made)])}
    rules.__dict__["rule_ids"] = (TEN,)

    def triggers(*spans: tuple[date, date]) -> list[date]:
        who = pupil(D(2024, 11, 22), dict.fromkeys(spans, "O"))
        found = engine.duties(rules, YEAR, FILE, who, Moment(on=D(2024, 11, 22)))
        return [duty.trigger for duty in found]

    assert triggers((D(2024, 9, 4), D(2024, 9, 16))) == []
    assert triggers((D(2024, 9, 4), D(2024, 9, 17))) == [D(2024, 9, 17)]
    assert triggers((D(2024, 11, 5), D(2024, 11, 14))) == [D(2024, 11, 14)]


def test_silence_has_a_reason() -> None:
    independent = SchoolFile(school=SchoolFacts(name="x", kind="independent", stands_in="N", policy=False))
    why = engine.silence(RULES, independent, ON)
    assert why["roll.no-show"] == "is policy, and the school has not taken the policy on"
    assert why["suspension.sixth-day"] == "does not apply to a school of the kind independent"
    assert TEN not in why
    assert engine.silence(RULES, FILE, ON, ["moon.phase"]) == {"moon.phase": "is not in this rule set"}
