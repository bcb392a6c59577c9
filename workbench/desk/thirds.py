"""Whose names stay at the school when a case leaves it, and whose go. No verbs here."""

from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.desk.around import people_of
from workbench.desk.context import Desk
from workbench.desk.shelves import shelves
from workbench.domain.cases import Case
from workbench.domain.handover import NamedPerson, Redacted
from workbench.domain.pupils import Around, Pupil
from workbench.domain.thirdparties import Names, Third

ROLES = {
    "subject": "another subject",
    "sibling": "sibling",
    "harmed": "harmed child",
    "alleged": "child alleged to have harmed",
    "witness": "witness",
}
"""The role of a linked child to what stands in place of their name."""
UNLINKED = "another child"


def thirds_of(desk: Desk, case: Case) -> list[Third]:
    """Everybody whose name must not leave with a case: children linked to it, adults around those, and every other
    child whom the folder knows. Linked ones come first."""
    pupils = shelves(desk).pupils
    linked = {x.pupil: ROLES[x.role] for x in case.linked if x.pupil in pupils}
    found = [_child(pupils[own], role, close=True) for own, role in linked.items()]
    for own, role in linked.items():
        found += _adults(people_of(desk, own), own, role)
    others = (p for p in pupils.values() if p.id not in linked and p.id != case.pupil)
    return [*found, *(_child(p, UNLINKED, close=False) for p in others)]


def names_of(desk: Desk, case: Case) -> Names:
    """What takes the names of third parties out of a case; the child's own and those of the people around stay."""
    return Names(thirds_of(desk, case), _known(desk, case))


def redacted(desk: Desk, case: Case, names: Names) -> tuple[Redacted, ...]:
    """Whose names were taken out: every linked child, and whoever else stood in what goes out."""
    linked = {x.pupil for x in case.linked}
    return tuple(
        Redacted(
            id=third.id,
            name=third.names[0],
            role=third.role,
            places=names.places[third],
            left=names.left[third],
        )
        for third in thirds_of(desk, case)
        if names.places[third] or names.left[third] or _is_child_of(third, linked)
    )


def redaction_lines(found: Iterable[Redacted]) -> tuple[str, ...]:
    """What was taken out and why, without a name, for the bundle itself."""
    places: Counter[str] = Counter()
    for one in found:
        places[f"[{one.role} {one.id}]"] += one.places
    return tuple(
        f"{label}: the name is left out and this stands in its place, {_times(number)}; a third party, whom the record "
        "of another child does not name"
        for label, number in places.items()
    )


def named(desk: Desk, case: Case) -> tuple[NamedPerson, ...]:
    """Whose names go out, and as whom."""
    child = shelves(desk).pupils[case.pupil]
    adults = (NamedPerson(name=a.name, role=_adult_words(a)) for a in people_of(desk, case.pupil))
    return (NamedPerson(name=child.name, role="the child"), *adults)


def _child(pupil: Pupil, role: str, close: bool) -> Third:
    parts = (pupil.forename, pupil.surname) if close else ()
    upn = (pupil.upn,) if pupil.upn else ()
    return Third(id=pupil.id, names=(*_orders(pupil), *upn), parts=parts, role=role)


def _orders(pupil: Pupil) -> tuple[str, str]:
    return pupil.name, f"{pupil.forename} {pupil.surname}"


def _adults(people: Iterable[Around], child: str, role: str) -> Iterator[Third]:
    for adult in people:
        surname = adult.name.split()[-1:]
        yield Third(id=child, names=(adult.name,), parts=tuple(surname), role=f"{adult.kind} of the {role}")


def _known(desk: Desk, case: Case) -> list[str]:
    child = shelves(desk).pupils[case.pupil]
    return [*_orders(child), *(adult.name for adult in people_of(desk, case.pupil))]


def _is_child_of(third: Third, linked: set[str]) -> bool:
    return third.id in linked and third.role in ROLES.values()


def _adult_words(adult: Around) -> str:
    return f"{adult.kind}: {adult.role}" if adult.role else adult.kind


def _times(number: int) -> str:
    return "in no place" if not number else "once" if number == 1 else f"{number} times"
