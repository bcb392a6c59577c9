"""Examples: the shipped ones pass, wrong ones fail with words, ill-formed ones name file, example and key."""

from pathlib import Path

import pytest

from rules import examples
from rules.errors import ExampleError
from rules.examples import report, run_files, run_texts

HEAD = """
[school]
kind = "academy"
stands_in = "North"
years = [7, 11]
[calendar]
terms = [{from = 2024-09-04, to = 2024-12-20}, {from = 2025-01-07, to = 2025-04-04}]
closed = [{from = 2024-10-28, to = 2024-11-01}, {on = 2024-11-04}]
"""
BASE = """
[[example]]
id = "X1"
text = "a run"
on = 2024-09-17
pupil = {born = 2012-05-01, year = 8, starts = 2024-09-04}
marks = [{from = 2024-09-04, code = "O"}]
"""


def run(body: str, head: str = HEAD) -> list[str]:
    return report(run_texts([("mine.toml", head + body)]))


SHIPPED = run_files()


@pytest.mark.parametrize("result", SHIPPED, ids=lambda result: f"{Path(result.file).stem}-{result.id}")
def test_a_shipped_example_passes(result: examples.Result) -> None:
    assert result.ok, "\n".join(result.lines())


def test_the_worked_examples_of_the_issue_are_there() -> None:
    assert {"W1", "W2", "W3", "W4", "W11", "W13"} <= {result.id for result in SHIPPED}


EXPECT = 'expect = [{rule = "absence.ten-day-return", trigger = 2024-09-17}]'


@pytest.mark.parametrize("said", ["", "figures = {}", "compulsory_age = {}", "never = []"])
def test_an_example_that_expects_nothing_passes_with_a_remark(said: str) -> None:
    remark = "    remark: it expects nothing, so nothing was checked"
    assert run(BASE + said) == ["ok X1 a run", remark, "1 passed, 0 failed"]


def test_every_example_that_ships_expects_something() -> None:
    assert [result.id for result in SHIPPED if result.empty] == []


def test_a_passing_example_is_one_line_and_a_total() -> None:
    assert run(BASE + EXPECT) == ["ok X1 a run", "1 passed, 0 failed"]


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (
            EXPECT.replace("09-17", "09-16"),
            "expected rule absence.ten-day-return, trigger 2024-09-16, got rule",
        ),
        ('expect = [{rule = "roll.no-show", state = "done"}]', "got rule roll.no-show"),
        ('expect = [{rule = "absence.resolve-n"}]', "got no such duty"),
        ('expect = [{rule = "absence.ten-day-return", recipients = []}]', "recipients nobody"),
        ('expect = [{rule = "absence.ten-day-return", recipients = ["la:North", "ewo"]}]', "la:North+ewo"),
        ('expect = [{standing = "local"}]', "expected standing local"),
        ('never = ["absence.ten-day-return"]', "no duty of absence.ten-day-return"),
        (f'{EXPECT}\nflags = ["ambiguous"]', "expected the flag ambiguous, got flags nobody"),
        ("figures = {possible = 19}", "expected possible 19, got possible 20"),
        ("figures = {attendance_percent = 0.01}", "got attendance_percent 0.00"),
        ("figures = {run_from = 2024-09-05}", "got run_from 2024-09-04"),
        ("compulsory_age = {from = 2017-08-30}", "from 2017-08-30, got 2017-08-31"),
        ("compulsory_age = {to = 2017-08-30}", "to 2017-08-30, got 2028-06-30"),
        ('deadline = {of = "absence.ten-day-return", due = 2024-09-16}', "got due 2024-09-17"),
        ('deadline = {of = "roll.transfer-file", due = 2024-09-16}', "got no such duty"),
        ('statutory_la = "East"', "expected statutory LA East, got North"),
        ('codes = [{code = "O", on = 2024-09-04, class = "present"}]', "got unauthorised"),
        ('codes = [{code = "J", on = 2024-09-04, class = "approved"}]', "got not in force"),
        ('codes = [{code = "O", on = 2006-08-31, class = "present"}]', "an error: codes: no value"),
        ('ground = {letter = "I", available = true}', "expected available True, got available False"),
        ('ground = {letter = "P", available = true}', "not in this rule set"),
    ],
)
def test_an_example_that_is_wrong_says_what_came_instead(expected: str, words: str) -> None:
    lines = run(BASE + expected)
    assert lines[0].startswith("FAILED X1: expected ")
    assert words in "\n".join(lines)
    assert lines[-1] == "0 passed, 1 failed"


def test_a_failure_shows_the_trace() -> None:
    lines = run(BASE + EXPECT.replace("trigger = 2024-09-17", "due = 2024-09-30"))
    assert any("Wed 4 Sep, Thu 5 Sep" in line for line in lines)
    assert any("Sat 7 Sep to Sun 8 Sep (weekend)" in line for line in lines)


def test_the_law_that_is_silent_says_why() -> None:
    lines = run(BASE + 'school = {policy = false}\nexpect = [{rule = "roll.no-show"}]')
    assert "roll.no-show is policy, and the school has not taken the policy on" in lines[0]


# merging, moments, marks ----------------------------------------------------------------------------------------


def test_school_calendar_and_rules_of_an_example_go_over_the_files_key_by_key() -> None:
    body = BASE + 'school = {stands_in = "West"}\nstatutory_la = "West"\n' + EXPECT
    assert run(body)[-1] == "1 passed, 0 failed"
    closed = BASE + "calendar = {closed = [{on = 2024-09-10}]}\n" + 'never = ["absence.ten-day-return"]'
    assert run(closed)[-1] == "1 passed, 0 failed"


def test_later_rows_win_and_before_its_amendment_a_mark_reads_what_it_was() -> None:
    row = '{on = 2024-09-10, code = "I", was = "N", amended = 2024-09-17}]'
    body = BASE.replace('code = "O"}]', f'code = "O"}}, {row}')
    assert run(body + 'never = ["absence.ten-day-return", "absence.resolve-n"]')[-1] == "1 passed, 0 failed"
    start = body + 'at = "start"\nexpect = [{rule = "absence.resolve-n", trigger = 2024-09-10}]'
    assert run(start)[-1] == "1 passed, 0 failed"
    earlier = body.replace("on = 2024-09-17\n", "on = 2024-09-16\n", 1)
    assert run(earlier + 'expect = [{rule = "absence.resolve-n"}]')[-1] == "1 passed, 0 failed"


def test_a_day_without_a_row_is_present_and_days_before_the_start_have_no_mark() -> None:
    body = BASE.replace('marks = [{from = 2024-09-04, code = "O"}]', "").replace("09-04}", "09-10}")
    assert run(body + "figures = {possible = 12, attended = 12}")[-1] == "1 passed, 0 failed"


def test_a_deadline_may_lie_ahead() -> None:
    body = BASE.replace("on = 2024-09-17\n", "on = 2024-09-10\n").replace(
        "from = 2024-09-04,", "from = 2024-09-04, to = 2024-09-17,"
    )
    line = 'deadline = {of = "absence.ten-day-return", due = 2024-09-17}'
    assert run(body + line)[-1] == "1 passed, 0 failed"


def test_examples_without_a_pupil_or_calendar_need_neither() -> None:
    body = '[[example]]\nid = "C"\ncodes = [{code = "O", on = 2024-09-04, class = "unauthorised"}]'
    assert run(body, head="")[-1] == "1 passed, 0 failed"


def test_a_removal_is_judged_by_its_gates() -> None:
    events = """
events = [
  {on = 2024-09-10, kind = "parent_letter", intent = "home-education", last_day = 2024-09-13, in_writing = true},
  {on = 2024-09-16, kind = "removal_requested", ground = "F"},
"""
    sent = '  {on = 2024-09-17, kind = "return_sent", rule = "roll.deletion-return"},\n'
    yes = '  {on = 2024-09-17, kind = "la_confirmation", answer = "yes", reference = "T-1"},\n'
    closed = (
        f'{BASE}{events}{sent}]\nremoval = {{allowed = false, gate = "la-confirmation", standing = "policy"}}'
    )
    assert run(closed)[-1] == "1 passed, 0 failed"
    unsent = f'{BASE}{events}{yes}]\nremoval = {{allowed = false, gate = "return-sent", standing = "law"}}'
    assert run(unsent)[-1] == "1 passed, 0 failed"
    assert run(f"{BASE}{events}{sent}{yes}]\nremoval = {{allowed = true}}")[-1] == "1 passed, 0 failed"
    order = '  {on = 2024-09-12, kind = "school_attendance_order", state = "in-force"},\n'
    blocked = 'ground = {letter = "F", available = false, because = "school-attendance-order"}'
    assert run(f"{BASE}{events}{order}]\n{blocked}")[-1] == "1 passed, 0 failed"
    assert run(f'{BASE}{events}]\nground = {{letter = "F", available = true}}')[-1] == "1 passed, 0 failed"


# ill-formed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BASE + "colour = 1", ("X1", "`colour`")),
        (BASE.replace("year = 8", "yaer = 8"), ("X1", "`yaer`", "pupil")),
        (BASE.replace("code =", "kode ="), ("X1", "`code`|`kode`", "marks")),
        (BASE + 'expect = [{ruel = "x"}]', ("X1", "`ruel`", "expect")),
        (BASE + 'expect = [{rule = "roll.no-shwo"}]', ("X1", "roll.no-shwo")),
        (BASE + 'never = ["roll.no-shwo"]', ("X1", "roll.no-shwo")),
        (BASE + 'events = [{on = 2024-09-04, kind = "party"}]', ("X1", "'party'", "events")),
        (BASE + 'events = [{on = 2024-09-04, kind = "danger", why = "x"}]', ("X1", "`why`", "danger")),
        (BASE + 'events = [{kind = "danger"}]', ("X1", "`on`")),
        (BASE + 'events = [{on = 2024-09-04, kind = "danger", at = "noon"}]', ("X1", "noon")),
        (
            BASE + 'events = [{on = 2024-09-04, kind = "unavoidable_cause", believed = "banana"}]',
            ("X1", "`believed`", "true or false, not 'banana'"),
        ),
        (
            BASE + 'events = [{on = 2024-09-04, kind = "suspension", days = "eight"}]',
            ("X1", "`days`", "number"),
        ),
        (BASE + 'events = [{on = 2024-09-04, kind = "suspension", from = "x"}]', ("X1", "`from`", "a date")),
        (
            BASE + 'events = [{on = 2024-09-04, kind = "la_consent", answer = "maybe"}]',
            ("X1", "`answer`", "one of yes, no, not 'maybe'"),
        ),
        (BASE + 'rules = {commenced = {"cwsa-2027" = 2026-01-01}}', ("X1", "`cwsa-2027`", "cwsa-2026-s37")),
        (
            BASE.replace("{from = 2024-09-04,", "{from = 2024-09-04, to = 2024-09-03,") + EXPECT,
            ("ends before",),
        ),
        (BASE + "school = {colour = 1}", ("X1", "`colour`", "school")),
        (BASE + "calendar = {colour = 1}", ("X1", "`colour`", "calendar")),
        (BASE + "rules = {colour = 1}", ("X1", "`colour`", "rules")),
        (BASE + 'referrals = [{id = "R", colour = 1}]', ("X1", "`colour`", "referrals")),
        (BASE.replace('"O"', '"QQ"') + EXPECT, ("X1", "'QQ'", "marks")),
        (BASE.replace('"O"}', '"O", was = "N"}') + EXPECT, ("X1", "amended")),
        (BASE.replace("{from = 2024-09-04, code", "{to = 2024-09-04, code") + EXPECT, ("X1", "`from`")),
        (BASE.replace("year = 8", 'year = "eight"'), ("X1", "pupil.year")),
        (BASE.replace("year = 8", 'year = 8, groups = ["martians"]'), ("X1", "martians")),
        (BASE.replace("on = 2024-09-17\n", "", 1) + EXPECT, ("X1", "`on`")),
        (BASE + 'now = "noon"\nat = "now"\n' + EXPECT, ("X1", "noon")),
        ('[[example]]\nid = "X2"\non = 2024-09-17\nfigures = {possible = 1}', ("X2", "`pupil`")),
        (BASE + "removal = {allowed = true}", ("X1", "removal_requested")),
        (BASE + BASE, ("X1", "twice")),
        ("[[example]]\ntext = 'x'", ("#1", "`id`")),
        ("example = 3", ("example",)),
        ("[colour]", ("`colour`",)),
    ],
)
def test_an_ill_formed_example_names_file_example_and_key(body: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ExampleError) as caught:
        run(body)
    text = str(caught.value)
    assert text.startswith("mine.toml: ")
    for word in words:
        assert any(each in text for each in word.split("|")), text


@pytest.mark.parametrize(
    ("head", "word"),
    [
        ("[school]\ncolour = 1\n", "`colour` in school"),
        ("[calendar]\ncolour = 1\n", "`colour` in calendar"),
        ("[rules]\ncolour = 1\n", "`colour` in rules"),
        ("school = 3\n", "`school`"),
        ("[school]\nkind = 'a'\nkind = 'b'\n", "Cannot overwrite"),
        ("[[[", "is not TOML"),
    ],
)
def test_the_files_own_tables_are_read_as_strictly(head: str, word: str) -> None:
    with pytest.raises(ExampleError, match=r"^mine\.toml: .*" + word):
        run("", head=head)


FOUR_WEEKS = BASE.replace("2024-09-17", "2024-10-01").replace(
    "}]",
    """}]
events = [{on = 2024-09-30, kind = "enquiries", school = true, la = true, found = false}]""",
)
I_HOLDS = 'ground = {letter = "I", available = true, met_on = 2024-10-01}'


def test_without_an_event_that_tells_of_a_cause_nobody_believes_in_one() -> None:
    assert run(FOUR_WEEKS + I_HOLDS)[-1] == "1 passed, 0 failed"
    cause = FOUR_WEEKS.replace("events = [", 'events = [{on = 2024-09-30, kind = "unavoidable_cause"}, ')
    assert any("not met, sickness or another cause is believed" in line for line in run(cause + I_HOLDS))


@pytest.mark.parametrize(("day", "passed"), [("2024-09-24", False), ("2024-09-25", True)])
def test_the_boards_notice_may_be_a_day(day: str, passed: bool) -> None:
    """From the notice of 4 September fifteen school days pass, whenever the event itself was recorded."""
    out = f"""events = [{{on = 2024-09-04, kind = "permanent_exclusion", notice_upheld = 2024-09-04}}]
ground = {{letter = "O", available = {str(passed).lower()}}}"""
    assert run(BASE.replace("on = 2024-09-17", f"on = {day}") + out)[-1] == "1 passed, 0 failed"


def test_terms_that_make_no_calendar_are_named() -> None:
    with pytest.raises(ExampleError, match=r"mine\.toml: example X1: calendar"):
        run(BASE + "calendar = {terms = [{from = 2024-09-04}]}\n" + EXPECT)
    with pytest.raises(ExampleError, match="no terms"):
        run(BASE + "calendar = {terms = []}\n" + EXPECT)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExampleError, match=r"none\.toml.*cannot be read"):
        run_files([tmp_path / "none.toml"])
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(ExampleError, match="not UTF-8"):
        run_files([bad])
