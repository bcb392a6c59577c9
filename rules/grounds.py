"""Grounds for deleting a name: what each asks, and whether it holds of a pupil on a day.

Letters, conditions and numbers are data (`rules/england/grounds.toml`); the tests of conditions are a closed vocabulary
in `rules/conditions.py`. Nothing here decides whether a removal may go on: that is `rules/gates.py`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from rules.asking import Asking
from rules.dated import Dated, in_force
from rules.days import Calendar
from rules.duty import Certainty, Citation
from rules.errors import NotInRuleSet
from rules.facts import Moment, PupilFacts, SchoolFile, SchoolKind
from rules.packs import RuleSet
from rules.words import day_words

TABLE = "grounds"
AGE = "compulsory_age"
"""The condition that stands before the others where a pupil's age shuts a ground out."""


class ConditionFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One condition in the data."""

    key: str
    text: str
    test: str
    certainty: Certainty
    days: int = 0
    months: int = 0
    codes: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    state: str = ""
    """The state of an attendance order that it looks for."""
    kinds: tuple[SchoolKind, ...] = ()
    """The kinds of school that it speaks of."""

    @property
    def words(self) -> str:
        """The text with its numbers and codes in place."""
        return self.text.format(days=self.days, months=self.months, codes=", ".join(self.codes))


class GroundFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ground in the data; a ground without conditions is only listed."""

    letter: str
    title: str
    pupils: Literal["csa", "all", "outside"] = "csa"
    """Whether it is one for pupils of compulsory school age, for all, or for those outside of it."""
    law: str = ""
    quote: str = ""
    """Given where the ground's source is not that of the table."""
    blocked_by_order: Certainty | None = None
    """How sure it is that an attendance order naming the school blocks it; None where none blocks."""
    condition: tuple[ConditionFile, ...] = ()


class GroundsVersion(Dated, frozen=True, kw_only=True):
    """All grounds as they stand from a day on."""

    la_confirmation: tuple[str, ...]
    outside_law: str
    """The provision for pupils outside compulsory school age."""
    outside_certainty: Certainty
    special_consent_except: tuple[str, ...]
    ground: tuple[GroundFile, ...]


class GroundsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table."""

    title: str
    version: tuple[GroundsVersion, ...]


class Ground(Struct, frozen=True, kw_only=True):
    """A ground on a day. `available` says whether its conditions are in this rule set."""

    letter: str
    title: str
    citation: Citation
    available: bool
    blocked_by_order: Certainty | None
    wants_confirmation: bool
    wants_special_consent: bool
    pupils: Literal["csa", "all", "outside"]
    conditions: tuple[ConditionFile, ...]


class Judged(Struct, frozen=True, kw_only=True):
    """One condition of a ground as it stands."""

    key: str
    text: str
    met: bool
    why: str
    certainty: Certainty
    met_on: date | None = None
    """The first day at whose end it held; None while it does not, or where the day is not known."""


class Case(NamedTuple):
    """What conditions are judged on."""

    ask: Asking
    pupil: PupilFacts
    evidence: Mapping[str, str]


def grounds_on(rules: RuleSet, on: date) -> GroundsVersion:
    """The grounds in force on a day.

    Raises:
        NoValueInForce: before the first version.
    """
    return in_force(rules.table(TABLE, GroundsFile).version, on, TABLE)


def list_grounds(rules: RuleSet, on: date) -> list[Ground]:
    """All fifteen grounds and that of regulation 9(3); one that this rule set cannot judge has `available` False."""
    version = grounds_on(rules, on)
    return [_ground(version, item) for item in version.ground]


def ground(rules: RuleSet, letter: str, on: date) -> Ground:
    """One ground with its conditions.

    Raises:
        NotInRuleSet: if its conditions are not in this rule set, or there is no such letter.
    """
    for found in list_grounds(rules, on):
        if found.letter == letter.upper() and found.available:
            return found
    raise NotInRuleSet(f"Ground {letter.upper()} is not in this rule set")


def _ground(version: GroundsVersion, item: GroundFile) -> Ground:
    first = item.condition[0] if item.condition else None
    citation = version.citation
    return Ground(
        letter=item.letter,
        title=item.title.format(days=first.days if first else ""),
        citation=Citation(
            text=item.law or f"{citation.text}({item.letter.lower()})",
            quote=item.quote or citation.quote,
            link=citation.link,
            checked=citation.checked,
        ),
        available=bool(item.condition),
        blocked_by_order=item.blocked_by_order,
        wants_confirmation=item.letter in version.la_confirmation,
        wants_special_consent=item.letter not in version.special_consent_except,
        pupils=item.pupils,
        conditions=item.condition,
    )


def judge(
    rules: RuleSet,
    letter: str,
    calendar: Calendar,
    file: SchoolFile,
    pupil: PupilFacts,
    moment: Moment,
    evidence: Mapping[str, str],
) -> list[Judged]:
    """Each condition of a ground: whether it holds by the moment, and why.

    Args:
        letter: one of the grounds of this rule set.
        evidence: condition key to `yes`, `no` or another text, as a person stated it. Facts from the register and from
            recorded events go before it where both speak.

    Raises:
        NotInRuleSet: as `ground`.
    """
    from rules.conditions import TESTS

    found = ground(rules, letter, moment.on)
    case = Case(Asking(rules, calendar, file, moment), pupil, evidence)
    judged = [_weighed(TESTS[condition.test](case, condition), evidence) for condition in found.conditions]
    outside = _outside(case, found, grounds_on(rules, moment.on))
    return judged if outside is None else [outside, *judged]


def _outside(case: Case, found: Ground, version: GroundsVersion) -> Judged | None:
    """The condition that the ground is one for a pupil of this age; None where that goes without saying."""
    csa = case.ask.age(case.pupil.born).holds(case.ask.on)
    if found.pupils == "all" or csa == (found.pupils == "csa"):
        return None
    others = ", ".join(g.letter for g in version.ground if g.pupils != ("outside" if csa else "csa"))
    return Judged(
        key=AGE,
        text="the ground is one for a pupil of this age",
        met=False,
        why=f"{'of' if csa else 'not of'} compulsory school age on {day_words(case.ask.on)}: "
        f"{version.law if csa else version.outside_law} has {others}",
        certainty="verified" if csa else version.outside_certainty,
    )


def _weighed(judged: Judged, evidence: Mapping[str, str]) -> Judged:
    """What a person stated against the record: a no keeps a condition open, a yes alone does not open it."""
    stated = evidence.get(judged.key)
    if stated == "no" and judged.met:
        return replace(judged, met=False, met_on=None, why=f"stated: no, against the record ({judged.why})")
    if stated == "yes" and not judged.met and not judged.why.startswith("stated"):
        return replace(judged, why=f"{judged.why}; stated: yes, which the record does not bear out")
    return judged


def met_on(judged: list[Judged]) -> date | None:
    """The day at whose end all conditions hold, as far as the days are known; None while one does not."""
    if not all(condition.met for condition in judged):
        return None
    return max((c.met_on for c in judged if c.met_on is not None), default=None)


def evidence_keys(rules: RuleSet, letter: str, on: date) -> list[ConditionFile]:
    """The conditions of a ground for which a person may state evidence."""
    return list(ground(rules, letter, on).conditions)


# the letters of 2006 -----------------------------------------------------------------------------------------


class OldGround(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ground of the 2006 Regulations and where it stands now."""

    letter: str
    subject: str
    now: tuple[str, ...]
    """Its letters of 2024; none where it has no successor."""
    certainty: Certainty
    note: str = ""


class OldGrounds(Dated, frozen=True, kw_only=True):
    """`grounds2006.toml`."""

    title: str
    row: tuple[OldGround, ...]


def old_grounds(rules: RuleSet) -> OldGrounds:
    """The grounds of the 2006 Regulations, for reading old records; nothing is judged by them."""
    return rules.table("grounds2006", OldGrounds)
