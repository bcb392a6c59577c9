"""The rules for whoever reads them: listed, shown with their sources, and checked by examples. Needs no folder."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from rules.errors import RulesError
from rules.examples import Result, run_texts, shipped_files
from rules.packs import load
from rules.rulefile import Rule
from workbench.desk.files import read_input
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError


class RuleRow(Struct, frozen=True, kw_only=True):
    """A rule in a list."""

    id: str
    title: str
    standing: str
    certainty: str
    since: date
    source: str
    owner: str


class ExampleResult(Struct, frozen=True, kw_only=True):
    """One example with what is printed of it."""

    id: str
    file: str
    ok: bool
    lines: list[str]


class Checked(Struct, frozen=True, kw_only=True):
    """A run of examples."""

    results: list[ExampleResult]
    passed: int
    failed: int


def rules() -> list[RuleRow]:
    """Every rule that makes duties, by id."""
    loaded = load()
    return [_row(loaded.rule(rule_id)) for rule_id in loaded.rule_ids]


def _row(found: Rule) -> RuleRow:
    first = found.layers[0][1][0]
    return RuleRow(
        id=found.id,
        title=found.base.title,
        standing=first.standing,
        certainty=first.certainty,
        since=first.from_,
        source=first.law,
        owner=found.base.owner,
    )


def rule(rule_id: str) -> dict[str, Any]:
    """One rule whole: what it asks, and every version of every layer with its source.

    Raises:
        NotFoundError: if no pack has it.
    """
    loaded = load()
    if rule_id not in loaded.rule_ids:
        raise NotFoundError(
            f"There is no rule {harmless(rule_id)}.", todo="`workbench rules list` shows them."
        )
    found = loaded.rule(rule_id)
    base: dict[str, Any] = msgspec.to_builtins(found.base)
    base.pop("version", None)
    versions = [
        {"layer": layer, **msgspec.to_builtins(version)}
        for layer, versions in found.layers
        for version in versions
    ]
    return {"id": rule_id, **base, "versions": versions}


def words(value: dict[str, Any]) -> list[str]:
    """A rule as a reader wants it: what it asks, then each version with its source."""
    lines = [f"{value['id']}: {value['title']}", f"  {value['action']}", f"  Ends when {value['ends']}.", ""]
    for version in value["versions"]:
        lines.append(
            f"  {version['layer']}, from {version['from']}: {version['standing']}, {version['certainty']}"
        )
        lines.append(f"    {version['law']}")
        lines.append(f"    \u201c{version['quote']}\u201d")
        lines.append(f"    checked {version.get('checked') or 'from memory only'}")
        lines += [f"    {key} = {inner}" for key, inner in version["params"].items() if key != "groups"]
        lines += [f"    Note: {note}" for note in version.get("notes", ())]
    return lines


def check(names: Sequence[str] = ()) -> Checked:
    """Run the examples of files, or those that ship with the rules.

    Raises:
        InvalidError: if a file cannot be read; it names file, example and key.
    """
    texts = [(name, _text(name)) for name in names] or [
        (p.name, p.read_text("utf-8")) for p in shipped_files()
    ]
    try:
        results = run_texts(texts)
    except RulesError as error:
        raise InvalidError(str(error), kept="No example was run.") from error
    rows = [_result(result) for result in results]
    failed = sum(not row.ok for row in rows)
    return Checked(results=rows, passed=len(rows) - failed, failed=failed)


def _text(name: str) -> str:
    try:
        return read_input(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(f"{harmless(name, 200)} is not UTF-8 text.", todo="Save it as UTF-8.") from None


def _result(result: Result) -> ExampleResult:
    return ExampleResult(id=result.id, file=result.file, ok=result.ok, lines=result.lines())
