"""What the invented pupils' marks are, day by day: ordinary weeks for most, a story for a few."""

from collections.abc import Sequence
from datetime import date
from random import Random

from workbench.desk.demo.school import Invented

Plan = dict[str, dict[date, tuple[str, str]]]
"""UPN to day to the codes of both sessions; a day that is not named is present."""


def ordinary(pupils: Sequence[Invented], days: Sequence[date], rng: Random) -> Plan:
    """Late arrivals, illness and the odd day without a reason, as any school has them."""
    return {p.upn: _year(days, rng, rng.choice((0.2, 0.5, 0.5, 0.8, 0.8, 1.6))) for p in pupils}


def _year(days: Sequence[date], rng: Random, weight: float) -> dict[date, tuple[str, str]]:
    plan: dict[date, tuple[str, str]] = {}
    ill = 0
    for day in days:
        draw = rng.random() / weight
        if ill:
            plan[day], ill = ("I", "I"), ill - 1
        elif draw < 0.012:
            plan[day], ill = ("I", "I"), rng.randint(0, 3)
        elif draw < 0.020:
            plan[day] = ("O", "O")
        elif draw < 0.030:
            plan[day] = (f"L {rng.randint(3, 25)}", "\\")
        elif draw < 0.034:
            plan[day] = ("M", "\\")
    return plan


def fill(plan: Plan, upn: str, days: Sequence[date], codes: tuple[str, str]) -> None:
    """Give one pupil the same two codes on each of `days`."""
    plan[upn].update(dict.fromkeys(days, codes))


def clear(plan: Plan, upn: str, days: Sequence[date]) -> None:
    """Make one pupil present on each of `days`, so that a story stands out."""
    for day in days:
        plan[upn].pop(day, None)
