"""Grounds and removals of examples, judged by the functions that the removal screen uses."""

from typing import Any

from rules.asking import Asking
from rules.engine import duties
from rules.errors import NotInRuleSet
from rules.example_world import Facts, World
from rules.facts import Event
from rules.gates import Gate, Stand, gates, order_in_force
from rules.grounds import Judged, ground, judge, met_on
from rules.triggers.leaving import REQUESTED, day_off

_RETURN = "roll.deletion-return"
_CONFIRMING = {"la-consent": "la_consent", "la-confirmation": "la_confirmation"}
_UNSAID = "authorisation"
"""An example has no words for who authorised: that gate is taken as met."""
_CAUSE = "unavoidable_cause"
_UNCAUSED = {"no_unavoidable_cause": "yes"}
"""What an example says of sickness or another cause that no event of its tells of: nobody believes in one. The
screens take nothing for granted there: a person has to say so."""


def ground_result(facts: Facts, letter: str) -> dict[str, Any]:
    """Whether a ground holds, since when, and everything that is in its way.

    Available = its conditions hold and no attendance order blocks; other gates do not count.
    """
    world = facts.world()
    try:
        found = ground(facts.rules, letter, facts.on)
    except NotInRuleSet as error:
        return {"available": False, "because": ("not-in-rule-set",), "trace": (str(error),)}
    judged = _judged(facts, world, letter)
    because = [condition.key for condition in judged if not condition.met]
    if because:
        because.append("conditions")
    blocked = found.blocked_by_order is not None and order_in_force(_asking(world), world.pupil) is not None
    if blocked:
        because.insert(0, "school-attendance-order")
    return {
        "available": not because,
        "met_on": met_on(judged),
        "because": tuple(because),
        "trace": tuple(f"{c.text}: {'met' if c.met else 'not met'}, {c.why}" for c in judged),
    }


def ground_flags(facts: Facts, letter: str) -> set[str]:
    """The certainties of a ground's conditions, as words that a trace carries."""
    return {condition.certainty for condition in _judged(facts, facts.world(), letter)}


def _asking(world: World) -> Asking:
    return Asking(world.rules, world.calendar, world.file, world.moment)


def _judged(facts: Facts, world: World, letter: str) -> list[Judged]:
    stated = _stated(facts)
    return judge(world.rules, letter, world.calendar, world.file, world.pupil, world.moment, stated)


def _stated(facts: Facts) -> dict[str, str]:
    told = any(event["kind"] == _CAUSE for event in facts.example.events)
    return {**({} if told else _UNCAUSED), **facts.example.evidence}


def removal_result(facts: Facts, gate: str | None) -> dict[str, Any]:
    """Whether the requested removal may be completed, and the closed gate that the example names (or the
    first)."""
    world = facts.world()
    asked = _asking(world).events(world.pupil, REQUESTED)
    if not asked:
        raise facts.source.fault("`removal` needs a `removal_requested` in events")
    try:
        every = gates(
            world.rules,
            world.calendar,
            world.file,
            world.pupil,
            world.moment,
            _stand(facts, world, asked[-1]),
        )
    except NotInRuleSet as error:
        return {"allowed": False, "gate": "not-in-rule-set", "trace": (str(error),)}
    closed = [each for each in every if each.state == "open" and each.id != _UNSAID]
    shown: Gate | None = next((each for each in closed if each.id == gate), closed[0] if closed else None)
    return {
        "allowed": not closed,
        "gate": shown.id if shown else None,
        "standing": shown.standing if shown else None,
        "trace": tuple(f"{each.id}: {each.state}, {each.why}" for each in every),
    }


def _stand(facts: Facts, world: World, asked: Event) -> Stand:
    """What the events say of a removal's gates."""
    ask = _asking(world)
    letter = str(asked.fields.get("ground", ""))
    answers = {
        gate: (str(event.fields.get("answer", "")), str(event.fields.get("reference", "answered")))
        for gate, kind in _CONFIRMING.items()
        for event in ask.events(world.pupil, kind)
    }
    returns = duties(world.rules, world.calendar, world.file, world.pupil, world.moment, frozenset({_RETURN}))
    return Stand(
        letter=letter,
        requested_by="the requester",
        evidence=_stated(facts),
        confirmations=answers,
        return_sent=next((duty.settled for duty in returns if duty.state == "done"), None),
        return_due=bool(returns),
        overrides={},
        authorised_by="a leader",
        leaves_on=max(day_off(asked), ask.on) if asked.fields.get("effective") is None else day_off(asked),
    )
