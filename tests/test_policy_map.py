"""`docs/policy-map.md`: every sentence of the policy stands there, and no row points nowhere."""

import ast
import re
from functools import cache
from pathlib import Path

import click
import pytest

from rules.book import entries
from rules.example_file import read
from rules.examples import shipped_files
from rules.packs import load
from rules.wizard import questions, wizard
from screens import keys
from screens.commands.root import root
from screens.places import PLACES
from tests.rules.test_wizard import ON

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+) \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
POINTER = re.compile(r"`(rule|question|step|recipient|screen|key|command|example|test) ([^`]+)`")
STATEMENT = "statement, nothing to do: "


def sentences(text: str) -> list[str]:
    """The sentences of the policy, headings among them, with blanks and quotation marks made even."""
    found: list[str] = []
    for line in text.splitlines():
        plain = " ".join(re.sub("[\u2018\u2019]", "'", line).split())
        found += [part for part in re.split(r"(?<=[.?!])\s+(?=[A-Z'])", plain) if part]
    return found


def rows(text: str) -> list[tuple[str, str, str, str]]:
    return ROW.findall(text)


MAP = (ROOT / "docs" / "policy-map.md").read_text("utf-8")
POLICY = (ROOT / "tests" / "data" / "policy.txt").read_text("utf-8")


def missing(policy: str, text: str) -> list[str]:
    """What the map lacks: sentences that are not there, or not in their place."""
    there = [sentence for _, sentence, _, _ in rows(text)]
    return [each for n, each in enumerate(sentences(policy)) if there[n : n + 1] != [each]]


@cache
def known(kind: str) -> frozenset[str]:
    """What a pointer of this kind may name."""
    sources = [source for path in shipped_files() for source in read(path.name, path.read_text("utf-8"))]
    table = {
        "rule": [entry.id for entry in entries(load())],
        "question": [question.key for question in questions(load(), ON)],
        "step": [step.key for step in wizard().step],
        "recipient": [recipient.key for recipient in wizard().recipient],
        "screen": list(PLACES),
        "key": [key.act for section in (keys.EVERYWHERE, *keys.SECTIONS.values()) for key in section],
        "example": [source.example.id for source in sources],
    }
    return frozenset(table[kind])


def is_there(kind: str, name: str) -> bool:
    """Whether what a pointer names exists."""
    if kind == "command":
        return _is_command(name.split())
    if kind == "test":
        path, _, function = name.partition("::")
        return function in _functions(path)
    return name in known(kind)


def _is_command(words: list[str]) -> bool:
    found: click.Command | None = root
    for word in words:
        with click.Context(root) as ctx:
            found = found.get_command(ctx, word) if isinstance(found, click.Group) else None
    return found is not None


@cache
def _functions(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def nowhere(text: str) -> list[str]:
    """Pointers that point nowhere, and rows that say neither what answers them nor why nothing does."""
    found = []
    for number, _, answered, proven in rows(text):
        pointers = POINTER.findall(answered) + POINTER.findall(proven)
        found += [f"{number}: {kind} {name}" for kind, name in pointers if not is_there(kind, name)]
        stated = answered.startswith(STATEMENT) and len(answered) > len(STATEMENT)
        if not stated and not (POINTER.search(answered) and POINTER.search(proven)):
            found.append(f"{number}: neither answered and proven, nor said why not")
    return found


def test_every_sentence_of_the_policy_stands_in_the_map() -> None:
    assert len(sentences(POLICY)) > 50
    assert missing(POLICY, MAP) == []
    assert [int(number) for number, *_ in rows(MAP)] == list(range(1, len(sentences(POLICY)) + 1))


def test_no_row_points_nowhere() -> None:
    assert nowhere(MAP) == []


def test_a_sentence_more_in_the_policy_is_missed() -> None:
    assert missing(POLICY + "\nPupils are counted twice.", MAP) == ["Pupils are counted twice."]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("`rule roll.no-show`", "`rule roll.no-shows`"),
        ("`example W1`", "`example W99`"),
        ("`question danger.level`", "`question danger.levels`"),
        ("`command enquiry add`", "`command enquiry adds`"),
        ("`screen log`", "`screen logs`"),
        ("`key emergency`", "`key emergencies`"),
        ("test_an_authority_that_says_no", "test_an_authority_that_says_maybe"),
        ("`example no-show`, `example no-show-arrived`", "–"),
    ],
)
def test_a_row_that_points_nowhere_is_found(was: str, now: str) -> None:
    assert was in MAP
    assert nowhere(MAP.replace(was, now)) != []


def test_each_rule_of_the_policy_and_each_group_is_pointed_to() -> None:
    pointed = {name for kind, name in POINTER.findall(MAP) if kind == "rule"}
    policy = {
        entry.id
        for entry in entries(load())
        if entry.kind in ("rule", "group") and any(edition.layer == "ontrack" for edition in entry.editions)
    }
    assert policy <= pointed
