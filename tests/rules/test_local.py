"""Packs of later layers: groups, flags, steps, new rules, laws switched on; and every way in which one is refused."""

from datetime import date
from typing import Any

import pytest

from rules import engine
from rules.duty import Duty
from rules.errors import LoosenedError, PackError
from rules.examples import run_texts
from rules.facts import CaseFacts, Moment, SchoolFacts, SchoolFile
from rules.local_checks import placeholders, switches
from rules.packs import Pack, RuleSet, load
from rules.wizard import enquiry_steps, flags, groups, questions, step_titles
from tests.rules.rulekit import FILE, YEAR, D, pupil

ON = D(2024, 9, 17)
HEAD = """
from = 2024-09-01
certainty = "verified"
law = "North protocol, section 4"
quote = "as agreed with schools"
checked = 2024-09-01
"""
GROUP = (
    HEAD
    + """
[[group]]
key = "young_parent"
title = "Young parent"
action = "Tell the LA: a young parent has stopped attending"
recipients = ["la:statutory", "early-help"]
causes = ["stopped"]
"""
)
FLAG = (
    HEAD
    + """
[[flag]]
key = "asylum"
title = "Seeking asylum"
"""
)
STEP = (
    HEAD
    + """
[[step]]
key = "border_force"
title = "Ask the Border Force desk of the authority"
by = "school"
limit = "border_force"
"""
)
RULE = (
    HEAD
    + """
[[rule]]
id = "absence.visit"
title = "Home visit"
trigger = "absence-run"
action = "Visit the home: {days} school days absent"
ends = "the visit is recorded as done"
owner = "attendance"
tighter = {days = "lower"}
[[rule.version]]
recipients = ["dsl"]
params = {days = 3, codes = ["G", "N", "O"], passes = ["#", "Y4"], warn_from = 2, seen = ["U"], doubtful = ["U"]}
"""
)


def pack(text: str, layer: str = "la", name: str = "north.toml") -> Pack:
    return Pack(name=name, layer=layer, text=text)


def duties(rules: RuleSet, rule: str, on: date = ON, file: SchoolFile = FILE, **facts: Any) -> list[Duty]:
    who = pupil(on, {(D(2024, 9, 4), on): "O"}, **facts)
    return engine.duties(rules, YEAR, file, who, Moment(on=on), frozenset({rule}))


# what a pack may do ---------------------------------------------------------------------------------------------


def test_a_group_of_the_authority_is_asked_about_and_makes_its_duty() -> None:
    rules = RuleSet([pack(GROUP)])
    assert groups(rules, ON)[-1].key == "young_parent"
    assert questions(rules, ON)[-1].step == "close"
    asked = next(q for q in questions(rules, ON) if q.key == "groups.young_parent")
    assert (asked.required, asked.hint) == (True, "Tell the LA: a young parent has stopped attending")
    found = duties(rules, "case.group-action", groups=frozenset({"young_parent"}))
    assert [(d.action, d.recipients, d.trigger) for d in found] == [
        ("Tell the LA: a young parent has stopped attending", ("la:North", "early-help"), D(2024, 9, 6))
    ]
    assert "Also local: North protocol, section 4." in found[0].trace.facts


def test_a_group_s_duty_stands_without_the_trust_s_policy_too() -> None:
    plain = SchoolFile(school=SchoolFacts(name="x", kind="academy", stands_in="North", policy=False))
    rules = RuleSet([pack(GROUP)])
    found = duties(rules, "case.group-action", file=plain, groups=frozenset({"young_parent", "service"}))
    assert [(d.standing, d.id.split(":")[2]) for d in found] == [("local", "young_parent-2024-09-04")]
    assert duties(load(), "case.group-action", file=plain, groups=frozenset({"service"})) == []


def test_groups_of_several_layers_stand_beside_the_policy_s() -> None:
    other = GROUP.replace("young_parent", "carer").replace("a young parent", "a carer")
    rules = RuleSet([pack(other, "school", "s.toml"), pack(GROUP)])
    found = duties(rules, "case.group-action", groups=frozenset({"young_parent", "carer", "service"}))
    assert {d.id.split(":")[2].rpartition("-2024")[0] for d in found} == {"young_parent", "carer", "service"}


def test_a_group_begins_and_ends_on_its_days() -> None:
    rules = RuleSet([pack(GROUP.replace("[[group]]", "to = 2024-12-31\n[[group]]"))])
    days = [D(2024, 8, 31), D(2024, 9, 1), D(2024, 12, 31), D(2025, 1, 1)]
    assert ["young_parent" in {g.key for g in groups(rules, day)} for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_a_flag_is_only_known_unless_it_asks_for_something() -> None:
    rules = RuleSet([pack(FLAG)])
    assert flags(rules, ON)[-1].key == "asylum"
    assert not next(q for q in questions(rules, ON) if q.key == "groups.asylum").required
    asks = RuleSet([pack(FLAG + 'action = "Tell the LA: seeks asylum"\ncauses = ["stopped"]\n')])
    case = CaseFacts(id="C-1", opened=D(2024, 9, 9), groups={"asylum": "yes"})
    assert duties(rules, "case.group-action", cases=(case,)) == []
    assert [d.action for d in duties(asks, "case.group-action", cases=(case,))] == [
        "Tell the LA: seeks asylum"
    ]


def test_a_step_of_the_school_has_to_be_done() -> None:
    rules = RuleSet([pack(STEP)])
    assert enquiry_steps(rules, ON)[-1].key == "border_force"
    assert step_titles(rules)["border_force"].startswith("Ask the Border Force")
    done = dict.fromkeys(load().rule("case.enquiries").base.version[0].params["steps"], "done")
    case = CaseFacts(id="C-1", opened=D(2024, 9, 9), trigger="ten-days", enquiries=done)
    assert [d.state for d in duties(load(), "case.enquiries", cases=(case,))] == ["done"]
    (found,) = duties(rules, "case.enquiries", cases=(case,))
    assert "Not yet: border force." in found.trace.facts


def test_a_step_of_the_authority_is_on_the_checklist_and_is_no_duty_of_the_school() -> None:
    rules = RuleSet([pack(STEP.replace('by = "school"', 'by = "la"'))])
    assert enquiry_steps(rules, ON)[-1].by == "la"
    assert "border_force" not in rules.rule("case.enquiries").layers[-1][1][0].params.get("steps", ())


def test_a_new_rule_with_a_word_of_the_vocabulary_makes_duties() -> None:
    rules = RuleSet([pack(RULE)])
    assert [(d.trigger, d.standing, d.action) for d in duties(rules, "absence.visit")] == [
        (D(2024, 9, 6), "local", "Visit the home: three school days absent")
    ]
    again = RuleSet([pack(RULE), pack(tightened("absence.visit", 2), "school", "s.toml")])
    assert [d.trigger for d in duties(again, "absence.visit")] == [D(2024, 9, 5)]


def tightened(rule: str, days: int) -> str:
    return (
        HEAD.replace("section 4", "own rule")
        + f'\n[[rule]]\nid = "{rule}"\n[[rule.version]]\nparams = {{days = {days}}}\n'
    )


def test_layers_stand_in_their_order_whatever_order_they_come_in() -> None:
    la, school = (
        pack(tightened("absence.ten-day-return", 8)),
        pack(tightened("absence.ten-day-return", 6), "school"),
    )
    for packs in ((la, school), (school, la)):
        found = duties(RuleSet(packs), "absence.ten-day-return")
        assert [d.trigger for d in found] == [D(2024, 9, 11)]
    trust = pack(tightened("absence.ten-day-return", 5), "trust")
    with pytest.raises(LoosenedError, match=r"north\.toml: rule absence.*asks less than North protocol"):
        RuleSet([la, trust])


def test_a_limit_for_one_kind_of_school_leaves_the_others_as_they_were() -> None:
    text = tightened("absence.ten-day-return", 8).replace("params", 'kinds = ["maintained"]\nparams')
    assert [d.trigger for d in duties(RuleSet([pack(text)]), "absence.ten-day-return")] == [D(2024, 9, 17)]


def test_a_local_number_is_not_shown_as_the_law_s() -> None:
    text = HEAD.replace("verified", "second-hand")
    text += '[[rule]]\nid = "absence.ten-day-return"\n[[rule.version]]\nparams = {days = 8}\n'
    words = (
        "`days` is 8 by North protocol, section 4 (local, second-hand), "
        "not 10 as in SI 2024/208 reg 13 (attendance return)."
    )
    [local] = duties(RuleSet([pack(text)]), "absence.ten-day-return")
    [shipped] = duties(RuleSet([]), "absence.ten-day-return")
    assert words in local.trace.facts
    assert not any("as in SI 2024/208" in fact for fact in shipped.trace.facts)


def test_a_law_is_switched_on_with_its_date() -> None:
    assert switches() >= {"cwsa-2026-s37"}
    rules = RuleSet([pack("[commenced]\ncwsa-2026-s37 = 2026-09-01\n")])
    assert rules.commenced == {"cwsa-2026-s37": D(2026, 9, 1)}
    assert load().commenced == {}


def test_examples_of_an_authority_may_use_its_groups_and_laws() -> None:
    example = """
[school]
kind = "academy"
stands_in = "North"
years = [7, 11]
[calendar]
terms = [{from = 2024-09-04, to = 2024-12-20}]
[[example]]
id = "north-1"
on = 2024-09-06
pupil = {born = 2012-05-01, year = 8, starts = 2024-09-04, groups = ["young_parent"]}
marks = [{from = 2024-09-04, code = "O"}]
expect = [{rule = "case.group-action", recipients = ["la:North", "early-help"]}]
"""
    (result,) = run_texts([("e.toml", example)], RuleSet([pack(GROUP)]))
    assert result.lines() == ["ok north-1"]
    with pytest.raises(Exception, match="unknown group 'young_parent'"):
        run_texts([("e.toml", example)])


# what a pack may not do -----------------------------------------------------------------------------------------

WRONG = [
    (GROUP, 'key = "young_parent"', 'key = "grt"', r"group grt: `key` is one of the shipped ones"),
    (GROUP, 'key = "young_parent"', 'key = "Young Parent"', r"`key` is small letters"),
    (GROUP, 'title = "Young parent"', 'title = " "', r"`title` is empty"),
    (GROUP, 'title = "Young parent"\n', "", r"group young_parent: missing key `title`"),
    (GROUP, 'causes = ["stopped"]', 'causes = ["sad"]', r"group young_parent: .*causes.*sad"),
    (GROUP, "action = ", "acton = ", r"unknown key `acton`"),
    (GROUP, '"early-help"', '"la:"', r"`recipients`: 'la:' is nobody"),
    (GROUP, '["la:statutory", "early-help"]', "[]", r"`recipients` is empty"),
    (GROUP, "from = 2024-09-01", "", r"missing key `from`"),
    (GROUP, "from = 2024-09-01", "from = 2024-09-01\nto = 2024-08-01", r"`to` = 2024-08-01 lies before"),
    (
        GROUP,
        "from = 2024-09-01",
        'from = 2024-09-01\nstanding = "law"',
        r"standing is 'law'.*can only be local",
    ),
    (GROUP, "Young parent", "Young\\u001b[2J", r"holds a sign that cannot be shown"),
    (GROUP, "[[group]]", "[group]", r"`group` is a list of tables: write \[\[group\]\]"),
    (
        STEP,
        'key = "border_force"',
        'key = "home_visit"',
        r"step home_visit: `key` is one of the shipped ones",
    ),
    (STEP, 'by = "school"', 'by = "police"', r"step border_force: by: .*police"),
    (RULE, '"absence.visit"', '"Visit"', r"rule Visit: `id` is small letters"),
    (RULE, '"absence-run"', '"sorcery"', r"`trigger` is 'sorcery'; the words are .*absence-run"),
    (
        RULE,
        "{days} school",
        "{hours} school",
        r"`action`: \{hours\} is nothing that absence-run fills in; .*\{days\}",
    ),
    (RULE, "{days} school", "{days school", r"`action`: "),
    (RULE, "days = 3", "days = 0", r"params: `days` = 0 is no number"),
    (RULE, "days = 3", "days = 10000000", r"params: `days` = 10000000 is no number"),
    (RULE, '"G", "N", "O"', '"G", "Q9"', r"params: `codes`: 'Q9' is no attendance code"),
    (RULE, "days = 3", "dayz = 3", r"params: .*`(days|dayz)`"),
    (RULE, "[[rule.version]]", '[[rule.version]]\nswitch = "x-2030"', r"`x-2030` is no law that waits"),
    (
        RULE,
        '"absence.visit"',
        '"absence.ten-day-return"',
        r"there is a rule with this id; choose another `id`",
    ),
    ("[commenced]\nx = 2026-09-01", "", "", r"commenced: `x` is no law that waits.*cwsa-2026-s37"),
    ("[commenced]\nx = true", "", "", r"`x` needs a date such as 2026-09-01"),
    ("commenced = 3", "", "", r"write \[commenced\]"),
    ("rules = 3", "", "", r"unknown key `rules`; a pack holds \[\[rule\]\]"),
    ("from = = 3", "", "", r"is not TOML"),
]


@pytest.mark.parametrize(("text", "was", "now", "words"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_pack_is_refused_with_file_key_and_what_to_do(
    text: str, was: str, now: str, words: str
) -> None:
    assert was in text
    with pytest.raises(PackError, match=rf"(?s)^north\.toml.*{words}"):
        RuleSet([pack(text.replace(was, now) if was else text)])


def test_two_rules_or_groups_with_one_name_are_refused() -> None:
    with pytest.raises(PackError, match=r"b\.toml: group young_parent: `key` stands in north\.toml"):
        RuleSet([pack(GROUP), pack(GROUP, name="b.toml")])
    twice = tightened("absence.ten-day-return", 8)
    with pytest.raises(PackError, match="stands twice; put both versions into one"):
        RuleSet([pack(twice + twice[twice.index("[[rule]]") :])])


def test_two_dates_for_one_law_are_refused() -> None:
    packs = [pack(f"[commenced]\ncwsa-2026-s37 = 2026-09-0{n}\n", name=f"{n}.toml") for n in (1, 2)]
    with pytest.raises(
        PackError, match=r"2\.toml: commenced: .*1\.toml: commenced says 2026-09-01; keep one"
    ):
        RuleSet(packs)


def test_a_gap_between_versions_of_a_pack_is_refused_at_load() -> None:
    version = "[[rule.version]]\nfrom = {}\nto = {}\nparams = {{days = 8}}\n"
    head = HEAD.replace("from = 2024-09-01\n", "") + '[[rule]]\nid = "absence.ten-day-return"\n'
    text = head + version.format("2024-09-01", "2024-12-31") + version.format("2025-02-01", "2025-03-01")
    with pytest.raises(PackError, match="no version is in force between 2024-12-31 and 2025-02-01"):
        RuleSet([pack(text)])
    assert RuleSet([pack(text.replace("2025-02-01", "2025-01-01"))])


def test_what_an_action_can_say_is_what_the_trigger_fills_in() -> None:
    assert placeholders("absence-run") == {"days"}


def test_one_day_is_one_school_day_in_a_duty() -> None:
    rules = RuleSet([pack(RULE.replace("days = 3", "days = 1"))])
    found = duties(rules, "absence.visit", D(2024, 9, 4))
    assert [duty.action for duty in found] == ["Visit the home: one school day absent"]
    assert found[0].trace.facts[0].startswith("One school day in a row, from Wed 4 Sep 2024")
