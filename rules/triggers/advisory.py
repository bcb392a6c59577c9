"""A run that is seen only if sessions at which the pupil was not expected are left out: an advice, no duty."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Trace
from rules.facts import PupilFacts
from rules.runs import Run, runs
from rules.triggers.absence import codes_on
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.words import day_words, list_words, number_words


class AdvisoryParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `expected-run`."""

    days: int
    codes: tuple[str, ...]
    """Codes of a session that counts."""
    beside: tuple[str, ...]
    """Codes of a session at which the pupil was not expected: beside a counting one the day counts, a whole day of
    them ends the run."""
    passes: tuple[str, ...]
    """Codes of which a whole day is passed over."""
    no_session: tuple[str, ...]
    """Codes that say that no session took place: what the plain count passes over."""


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for the newest run that only this reading sees, while nothing has ended it."""
    params: AdvisoryParams = active.params
    marks = ask.marks(pupil)
    counting = ask.codes.letters(params.codes)
    if sum(map(marks.count, counting)) < params.days or not ask.on_roll(pupil):
        return NOTHING
    mixed = ask.counting(params.codes, params.passes, beside=params.beside)
    found = runs(ask.calendar, marks, mixed, params.days)
    if not found or not found[-1].current or _literal(ask, params, marks, found[-1]):
        return NOTHING
    return (_finding(ask, active, pupil, found[-1]),)


def _literal(ask: Asking, params: AdvisoryParams, marks: bytes, run: Run) -> bool:
    """Whether the plain count sees so many days inside of the run too: then that duty says it all."""
    plain = runs(ask.calendar, marks, ask.counting(params.codes, params.no_session), params.days)
    return any(run.first <= each.first and each.last <= run.last for each in plain)


def _finding(ask: Asking, active: Active, pupil: PupilFacts, run: Run) -> Finding:
    params: AdvisoryParams = active.params
    trigger = run.reached(params.days) or run.last
    return Finding(
        anchor=run.first.isoformat(),
        trigger=trigger,
        due=trigger,
        state="advisory",
        words={"days": number_words(params.days)},
        trace=Trace(
            facts=(
                (
                    f"{number_words(params.days).capitalize()} school days in a row, from {day_words(run.first)} to "
                    f"{day_words(trigger)}, if only sessions are counted at which the pupil was expected."
                ),
                _beside(ask, params, pupil, run, trigger),
                "On the literal text such a day does not count, so no return is due by law.",
            ),
            counted=run.counted(f"every expected session {list_words(params.codes, 'or')}", trigger),
            skipped=run.skipped(ask.calendar, trigger),
            flags=("ambiguous",),
        ),
    )


def _beside(ask: Asking, params: AdvisoryParams, pupil: PupilFacts, run: Run, until: date) -> str:
    codes = codes_on(ask, pupil, run.first, until)
    others = [code for code in (*params.beside, *params.passes) if code in codes]
    told = [f"{code} on {list_words([day_words(day, year=False) for day in codes[code]])}" for code in others]
    return f"Left out: {'; '.join(told)}." if told else "Nothing was left out."


TRIGGER = Trigger(AdvisoryParams, find, Has.NOTHING, least=lambda params: (params.codes, params.days))
