"""Nothing ships without its source, its dates and examples; no number or letter of the law stands in Python."""

import ast
from pathlib import Path

import pytest

from rules import guard, packs
from rules.rulefile import assemble
from tests.rules.rulekit import RULES

ROOT = Path(packs.__file__).parent


def test_no_rule_or_value_lacks_source_dates_or_examples() -> None:
    assert guard.offenders(RULES) == []


def test_the_guard_sees_a_rule_without_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "shipped_files", list)
    found = guard.offenders(RULES)
    assert "absence.ten-day-return: no example expects it" in found
    assert sum("no example expects" in line or "where it ends" in line for line in found) == 2 * len(
        RULES.rule_ids
    )
    for planted in (
        "code.N@2024-08-19: no example proves it",
        "roll.ground.I#joint_enquiries: no example proves it",
        "gate.la-consent: no example proves it",
        "enquiry.home_visit: no example proves it",
        "group.grt: no example proves it",
        "age.compulsory: no example proves it",
        "absence.sickness-return: from 2024-08-19 `days` could be 16 in place of 15 and no example notices",
        "roll.ground.I#continuous_absence: `days` could be 19 in place of 20 and no example notices",
        "age.compulsory: `ends_at` could be 17 in place of 16 and no example notices",
    ):
        assert planted in found


def test_what_examples_cannot_show_is_shown_where_the_guard_says() -> None:
    for words in guard.ELSEWHERE.values():
        assert (ROOT.parent / words.rpartition("; ")[2]).is_file()


def test_the_guard_sees_a_number_that_is_only_met_from_one_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "shipped_files", lambda: [ROOT / "examples" / "absence.toml"])
    found = guard.offenders(RULES)
    assert any("`percent` could be" in line for line in found)


def test_the_guard_sees_a_value_without_its_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "england").mkdir()
    (tmp_path / "england" / "x.toml").write_text(
        'a = {from = 2024-01-01, to = 2023-01-01, law = "", standing = "law", certainty = "verified"}'
    )
    (tmp_path / "england" / "y.toml").write_text("a = 1")
    monkeypatch.setattr(guard, "ROOT", tmp_path)
    text = "\n".join(guard._values())
    for words in ("no `law`", "no `quote`", "no `checked`", "ends before it begins", "says from when"):
        assert words in text


def test_the_guard_sees_a_parameter_that_no_trigger_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = packs.RuleSet()
    made = RULES.rule("concern.triage").base
    version = made.version[0]
    import msgspec

    wrong = msgspec.structs.replace(made, version=(msgspec.structs.replace(version, params={"days": 3}),))
    rules._rules["concern.triage"] = assemble("concern.triage", [("england", "f", wrong)])
    assert any("concern.triage" in line and "days" in line for line in guard.offenders(rules))


ALLOWED = {0, 1, 2, -1}
SKIPPED = {"codes.py", "words.py", "explain.py", "example_checks.py"}
"""Bytes tables, words for numbers and the shape of printed text."""
COUNTED = {
    "days.py": {
        5,
        6,
        7,
        9,
        40,
        366,
    },  # weekdays, July and September of the Education Acts' school year, longest term
    "runs.py": {256, 0x63, 0x2D, 0x2E},  # bytes, letters of a day
    "facts.py": {11, 30},  # defaults of one school: its years, how long its registers stay open
    "figures.py": {100},
    "asking.py": {5},  # HH:MM has five characters
    "age.py": {7, 9, 12, 3},  # a week, September, the months of a year, 1 March after 29 February
    "engine.py": {366, 256},  # days of a year; values of a byte
    "packs.py": {30},  # how deep a file may be nested
    "tomltext.py": {30, 100},  # how deep, and how many dots a line may hold
    "local_checks.py": {40, 1000, 2000},  # bounds of what a pack may hold, a shortened text
    "triggers/absence.py": {4, 6, 31},  # Friday, a week, a month
    "triggers/register.py": {24, 60},
    "triggers/share.py": {100},
    "triggers/kind.py": {3, 4, 5, 6, 7, 8},  # places of bits
    "triggers/leaving.py": {8},  # August
    "triggers/joining.py": {8},
}


def test_no_number_of_the_law_stands_in_python() -> None:
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name in SKIPPED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            allowed = ALLOWED | COUNTED.get(name, set())
            if isinstance(node, ast.Constant) and type(node.value) is int and node.value not in allowed:
                wrong.append(f"{name}:{node.lineno}: {node.value}")
    assert wrong == []


def test_no_letter_of_a_code_or_ground_stands_in_python() -> None:
    letters = {code for code in RULES.codes.known if code.isalnum() and code.isupper()}
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {id(n.args[0]) for n in ast.walk(tree) if isinstance(n, ast.Call) and is_type_var(n)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in letters and id(node) not in names:
                wrong.append(f"{name}:{node.lineno}: {node.value}")
    assert wrong == []


def is_type_var(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "TypeVar"
