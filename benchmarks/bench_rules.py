"""All duties of a school year against the same counts by numpy, taken in turn; and one pupil after one mark.

    python benchmarks/bench_rules.py [--rounds 9] [--pupils 2000]

The peer counts what the rules count of marks: the share missed, the longest run of unauthorised days, such sessions in
the last ten school weeks, days of sickness, sessions marked N, days that are mixed. The rules do it for every pupil,
and make duties with a trace of what they find.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from rules import engine
from rules.days import Calendar
from rules.facts import Moment, PupilFacts, SchoolFacts, SchoolFile
from rules.packs import load

GOAL, GOAL_MS = 4.0, 5.0
ON = date(2025, 7, 21)
YEAR = Calendar(
    [(date(2024, 9, 4), date(2024, 12, 20)), (date(2025, 1, 7), date(2025, 4, 4)), (date(2025, 4, 22), ON)],
    [
        (date(2024, 10, 28), date(2024, 11, 4), "half term"),
        (date(2025, 2, 17), date(2025, 2, 21), "half term"),
    ],
)
USUAL = ("/\\", 924), ("II", 30), ("OO", 12), ("LL", 10), ("MM", 8), ("BB", 6), ("/O", 4), ("NN", 6)
"""Days of one pupil, in a thousand."""
FRESH = 10
"""School days at the end of which some marks still have no reason: older ones are resolved, as the law asks."""
FILE = SchoolFile(school=SchoolFacts(name="Example", kind="academy", stands_in="North", years=(7, 11)))


def school(pupils: int, seed: int = 7) -> list[PupilFacts]:
    """Pupils with a year of marks; one in fifty stays away for weeks."""
    dice = random.Random(seed)
    kinds, weights = zip(*USUAL, strict=True)
    found = []
    for number in range(pupils):
        days = dice.choices(kinds, weights, k=len(YEAR.days))
        if number % 50 == 0:
            begins = dice.randrange(20, 150)
            days[begins : begins + 14] = ["OO"] * 14
        days = [kind.replace("N", "O") for kind in days[:-FRESH]] + days[-FRESH:]
        marks = "".join(days).encode()
        found.append(
            PupilFacts(
                id=f"P-{number}",
                born=date(2011, 1, 1) + timedelta(days=number % 360),
                year=8,
                starts=date(2023, 9, 5),
                baseline=True,
                marks=marks,
            )
        )
    return found


def _table(letters: str) -> "np.ndarray[Any, Any]":
    table = np.zeros(256, dtype=bool)
    table[[ord(letter) for letter in letters]] = True
    return table


ABSENT, POSSIBLE, UNAUTHORISED = _table("GNOUICMRSTE"), _table("/\\LVPWBKGNOUICMRSTE"), _table("GNOU")
ILL, UNKNOWN = _table("I"), _table("N")
WEEKS = np.array(
    [(day - YEAR.days[0] + timedelta(days=YEAR.days[0].weekday())).days // 7 for day in YEAR.days]
)


def peer(pupils: list[PupilFacts]) -> dict[str, int]:
    """The counts, over the whole school at once."""
    marks = np.frombuffer(b"".join(p.marks for p in pupils), dtype=np.uint8).reshape(len(pupils), -1)
    absent, possible = ABSENT[marks].sum(1), POSSIBLE[marks].sum(1)
    unauthorised = UNAUTHORISED[marks]
    runs = _longest(unauthorised[:, ::2] & unauthorised[:, 1::2])
    mixed = _longest(unauthorised[:, ::2] | unauthorised[:, 1::2])
    last = unauthorised[:, 2 * int(np.argmax(np.unique(WEEKS)[-10] == WEEKS)) :].sum(1)
    ill = ILL[marks]
    sick = (ill[:, ::2] & ill[:, 1::2]).sum(1)
    return {
        "persistent": int((10 * absent >= possible).sum()),
        "ten days": int((runs >= 10).sum()),
        "mixed": int((mixed >= 10).sum()),
        "threshold": int((last >= 10).sum()),
        "sick": int((sick >= 15).sum()),
        "unknown": int(UNKNOWN[marks].sum()),
    }


def _longest(set_: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The longest stretch of each row."""
    index = np.arange(1, set_.shape[1] + 1, dtype=np.int32)
    last = np.maximum.accumulate(np.where(set_, 0, index), axis=1)
    longest: np.ndarray[Any, Any] = (index - last).max(1)
    return longest


def ours(pupils: list[PupilFacts]) -> dict[str, int]:
    """The duties, pupil by pupil, by rule."""
    found: dict[str, int] = {}
    rules, moment = load(), Moment(on=ON)
    for who in pupils:
        for duty in engine.duties(rules, YEAR, FILE, who, moment):
            found[duty.rule] = found.get(duty.rule, 0) + 1
    return found


def timed(call: Callable[[], object]) -> float:
    """Seconds of this process's own time: both are pure computing, and a busy machine distorts neither."""
    began = time.process_time()
    call()
    return time.process_time() - began


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rounds", type=int, default=9)
    given.add_argument("--pupils", type=int, default=2000)
    args = given.parse_args()
    pupils = school(args.pupils)
    counts, duties = peer(pupils), ours(pupils)
    print(f"counted: {counts}\nduties:  {duties}")
    if counts["ten days"] != len(_with_runs(pupils)):
        print("the two do not count the same", file=sys.stderr)
        return 1
    pairs = [(timed(lambda: ours(pupils)), timed(lambda: peer(pupils))) for _ in range(args.rounds)]
    ratio = median(a / b for a, b in pairs)
    one = median(timed(lambda: ours(pupils[7:8])) for _ in range(200))
    away = median(timed(lambda: ours(pupils[:1])) for _ in range(200))
    print(f"all duties of {args.pupils} pupils {1000 * median(a for a, _ in pairs):.0f} ms, ", end="")
    print(f"the same counts by numpy {1000 * median(b for _, b in pairs):.0f} ms: {ratio:.2f} (goal {GOAL})")
    print(
        f"one pupil after a mark {1000 * one:.2f} ms, one who stays away {1000 * away:.2f} ms (goal {GOAL_MS} ms)"
    )
    return 0


def _with_runs(pupils: list[PupilFacts]) -> list[str]:
    rules, moment, only = load(), Moment(on=ON), frozenset({"absence.ten-day-return"})
    return [who.id for who in pupils if engine.duties(rules, YEAR, FILE, who, moment, only)]


if __name__ == "__main__":
    sys.exit(main())
