"""Which worked examples prove which entry of the rule book."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rules.book import Entry
from rules.example_blocks import Example, PupilBlock
from rules.example_file import Source

GROUPS_RULE = "case.group-action"

_FACTS = {
    "looked_after": "looked_after_by",
    "social_worker": "social_worker",
    "ehc_plan": "ehc_plan",
    "placed_out_of_area": "home_la",
}
"""Flags that a pupil's own record shows, and the key of an example that does."""


def proofs(sources: Iterable[Source]) -> dict[str, tuple[str, ...]]:
    """Entry id to the ids of the examples that expect something of it, in the order of the files.

    A ground's condition stands under `roll.ground.LETTER#condition`, a code of an era under `code.X@first day`.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for own_id in dict.fromkeys(_proven(source.example)):
            found[own_id].append(source.example.id)
    return {own_id: tuple(ids) for own_id, ids in found.items()}


def of_era(code: str, since: date) -> str:
    """What a code's proof in one era is called."""
    return f"code.{code}@{since.isoformat()}"


def in_eras(
    proof: Mapping[str, tuple[str, ...]], sources: Iterable[Source], book: Iterable[Entry]
) -> dict[str, tuple[str, ...]]:
    """`proof` with the codes told apart by era."""
    eras: dict[str, list[str]] = defaultdict(list)
    codes = {entry.id.partition(".")[2]: entry for entry in book if entry.kind == "code"}
    for source in sources:
        for row in source.example.codes:
            for edition in codes[row.code].editions if row.code in codes else ():
                if edition.holds(row.on, {}):
                    eras[of_era(row.code, edition.since)].append(source.example.id)
    return {**proof, **{key: tuple(ids) for key, ids in eras.items()}}


def _proven(example: Example) -> Iterator[str]:
    yield from (row.rule for row in example.expect if row.rule)
    yield from example.never
    if example.deadline is not None:
        yield example.deadline.of
    yield from (f"code.{row.code}" for row in example.codes)
    if example.ground is not None:
        yield f"roll.ground.{example.ground.letter}"
        if example.ground.because:
            yield f"roll.ground.{example.ground.letter}#{example.ground.because}"
    if example.removal is not None:
        yield from _removal(example)
    if example.compulsory_age is not None:
        yield "age.compulsory"
    yield from (f"enquiry.{step}" for case in example.cases for step in case.get("enquiries", {}))
    yield from _groups(example)


def _removal(example: Example) -> Iterator[str]:
    if example.removal is not None and example.removal.gate:
        yield f"gate.{example.removal.gate}"
    asked = [event for event in example.events if event.get("kind") == "removal_requested"]
    yield from (f"roll.ground.{event.get('ground')}" for event in asked[-1:])


def _groups(example: Example) -> Iterator[str]:
    """Groups and flags of an example that asks for what they ask for."""
    if not any(row.rule == GROUPS_RULE for row in example.expect):
        return
    pupil = example.pupil or PupilBlock(born=date.min)
    yes = [key for case in example.cases for key, answer in _answers(case) if answer == "yes"]
    for key in (*pupil.groups, *yes):
        yield from (f"group.{key}", f"flag.{key}")
    yield from (f"flag.{key}" for key, name in _FACTS.items() if getattr(pupil, name))


def _answers(case: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    answers: Mapping[str, str] = case.get("groups", {})
    return answers.items()
