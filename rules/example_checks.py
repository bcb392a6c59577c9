"""What an example may expect, compared with what the rules say. One function a key of the format."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from rules.age import compulsory_age as age_of
from rules.duty import Duty
from rules.engine import duties, explain, register_duties, school_duties, silence
from rules.example_blocks import ExpectDuty
from rules.example_world import Facts
from rules.facts import Moment
from rules.figures import figures as figures_of

_OF_SCHOOL = frozenset({"policy.review", "vault.recovery-proven", "vault.second-dsl"})


class Failure(NamedTuple):
    """One thing that was not as expected."""

    expected: str
    got: str
    trace: tuple[str, ...] = ()


def _asked(facts: Facts) -> frozenset[str] | None:
    """The rules that the expectations name; None for all, where one names none."""
    example = facts.example
    if any(row.rule is None for row in example.expect) or (example.flags and not example.expect):
        return None
    return frozenset([row.rule for row in example.expect if row.rule is not None] + list(example.never))


def _duties(facts: Facts, only: frozenset[str] | None, moment: Moment | None = None) -> list[Duty]:
    """The duties of some rules, about the pupil and about classes."""
    world = facts.world() if facts.example.pupil is not None else None
    when = moment or facts.moment
    found: list[Duty] = []
    if world is not None:
        found = duties(world.rules, world.calendar, world.file, world.pupil, when, only)
    found += school_duties(facts.rules, facts.calendar, facts.file, when, only) if _of_school(only) else []
    if facts.example.registers is not None:
        taken = register_duties(facts.rules, facts.calendar, facts.file, when)
        found += [duty for duty in taken if only is None or duty.rule in only]
    return found


def _of_school(only: frozenset[str] | None) -> bool:
    """Whether an example asks about the school itself: one about a pupil has no calendar to spare for that."""
    return only is not None and not _OF_SCHOOL.isdisjoint(only)


def _known(facts: Facts, rule: str) -> None:
    if rule not in facts.rules.rule_ids:
        raise facts.source.fault(f"no rule has the id {rule!r}")


def expect(facts: Facts) -> Iterator[Failure]:
    """`expect`: each row needs a duty that is as it says."""
    if not facts.example.expect:
        return
    for row in facts.example.expect:
        if row.rule is not None:
            _known(facts, row.rule)
    made = _duties(facts, _asked(facts))
    for row in facts.example.expect:
        near = [duty for duty in made if row.rule in (None, duty.rule)]
        if not any(_fits(row, duty) for duty in near):
            yield Failure(_row_words(row), _near_words(facts, row, near), _trace(near))


def _fits(row: ExpectDuty, duty: Duty) -> bool:
    return (
        row.trigger in (None, duty.trigger)
        and row.due in (None, duty.due)
        and row.state in (None, duty.state)
        and row.standing in (None, duty.standing)
        and (row.recipients is None or set(row.recipients) == set(duty.recipients))
    )


def _row_words(row: ExpectDuty) -> str:
    given = {name: getattr(row, name) for name in row.__struct_fields__}
    return _words({name: value for name, value in given.items() if value is not None})


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "+".join(value) or "nobody"
    return str(value)


def _near_words(facts: Facts, row: ExpectDuty, near: list[Duty]) -> str:
    if not near:
        why = silence(facts.rules, facts.file, facts.on, [row.rule]) if row.rule else {}
        reason = why.get(row.rule or "")
        return f"no such duty ({row.rule} {reason})" if reason else "no such duty"
    fields = ("rule", "trigger", "due", "state", "standing", "recipients")
    return "; ".join(_words({name: getattr(duty, name) for name in fields}) for duty in near)


def _trace(made: list[Duty]) -> tuple[str, ...]:
    return tuple(line for duty in made for line in explain(duty))


def never(facts: Facts) -> Iterator[Failure]:
    """`never`: no duty of these rules, of any state."""
    for rule in facts.example.never:
        _known(facts, rule)
    if not facts.example.never:
        return
    wanted = frozenset(facts.example.never)
    made = _duties(facts, wanted)
    for rule in facts.example.never:
        found = [duty for duty in made if duty.rule == rule]
        if found:
            yield Failure(
                f"no duty of {rule}", "; ".join(f"{duty.id} {duty.state}" for duty in found), _trace(found)
            )


def flags(facts: Facts) -> Iterator[Failure]:
    """`flags`: words that the traces of the duties, or of the ground, carry."""
    if not facts.example.flags:
        return
    made = _duties(facts, _asked(facts))
    carried = {flag for duty in made for flag in duty.trace.flags}
    if facts.example.ground is not None:
        from rules.example_grounds import ground_flags

        carried |= ground_flags(facts, facts.example.ground.letter)
    for flag in facts.example.flags:
        if flag not in carried:
            yield Failure(f"the flag {flag}", f"flags {_value(tuple(sorted(carried)))}", _trace(made))


def figures(facts: Facts) -> Iterator[Failure]:
    """`figures`: counts compared as they are, percentages rounded half up to two decimals."""
    wanted = facts.example.figures
    if wanted is None:
        return
    world = facts.world()
    got = figures_of(world.calendar, facts.rules.codes, world.pupil, world.moment, facts.rules)
    for name in wanted.__struct_fields__:
        value, found = getattr(wanted, name), getattr(got, name)
        if value is None:
            continue
        if name.endswith("_percent"):
            value = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        if value != found:
            yield Failure(f"{name} {_value(value)}", f"{name} {_value(found)}")


def compulsory_age(facts: Facts) -> Iterator[Failure]:
    """`compulsory_age`: either end may be left out."""
    wanted = facts.example.compulsory_age
    if wanted is None:
        return
    calendar = facts.calendar if facts.example.calendar.terms else None
    got = age_of(facts.rules, facts.block.born, calendar)
    for name, value, found in (("from", wanted.from_, got.first), ("to", wanted.to, got.last)):
        if value not in (None, found):
            yield Failure(f"compulsory school age {name} {_value(value)}", _value(found))


def deadline(facts: Facts) -> Iterator[Failure]:
    """`deadline`: the due date of a duty that exists, or that lies ahead in what is already known."""
    wanted = facts.example.deadline
    if wanted is None:
        return
    _known(facts, wanted.of)
    only = frozenset({wanted.of})
    made = _duties(facts, only)
    if not made and facts.calendar.last > facts.on:
        made = _duties(facts, only, Moment(on=facts.calendar.last))
    if not any(duty.due == wanted.due for duty in made):
        got = "; ".join(f"due {_value(duty.due)}" for duty in made) or "no such duty"
        yield Failure(f"{wanted.of} due {_value(wanted.due)}", got, _trace(made))


def statutory_la(facts: Facts) -> Iterator[Failure]:
    """`statutory_la`: the authority that receives the school's returns."""
    wanted = facts.example.statutory_la
    if wanted is not None and wanted != facts.file.school.statutory_la:
        yield Failure(f"statutory LA {wanted}", facts.file.school.statutory_la)


def codes(facts: Facts) -> Iterator[Failure]:
    """`codes`: the class of a code on a day."""
    for row in facts.example.codes:
        code = facts.rules.codes.at(row.on).get(row.code)
        got = code.class_ if code is not None else "not in force"
        if got != row.class_:
            yield Failure(f"{row.code} on {_value(row.on)} {row.class_}", got)


def ground(facts: Facts) -> Iterator[Failure]:
    """`ground`: whether its conditions hold, since when, and what is in the way."""
    wanted = facts.example.ground
    if wanted is None:
        return
    from rules.example_grounds import ground_result

    yield from _differ(ground_result(facts, wanted.letter), wanted, ("available", "met_on", "because"))


def removal(facts: Facts) -> Iterator[Failure]:
    """`removal`: whether the requested removal may be completed, and one of the gates that are closed."""
    wanted = facts.example.removal
    if wanted is None:
        return
    from rules.example_grounds import removal_result

    yield from _differ(removal_result(facts, wanted.gate), wanted, ("allowed", "gate", "standing"))


def _differ(got: dict[str, Any], wanted: Any, names: tuple[str, ...]) -> Iterator[Failure]:
    for name in names:
        value, found = getattr(wanted, name), got.get(name)
        if value is not None and value != found and not (isinstance(found, tuple) and value in found):
            yield Failure(f"{name} {_value(value)}", f"{name} {_value(found)}", tuple(got.get("trace", ())))
