"""The lines of a pupil's page below the picture. A key is `KIND ID`; headings have none."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from screens.duty_words import is_urgent, standing_words
from screens.names import people_names
from screens.pupils import know_words
from screens.text import day_words, due_words, join, stamp_words
from screens.widgets.lines import Row
from workbench.desk import cards, contacts, duties, events, roll
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.domain.pupils import Around, Pupil, PupilEvent

Section = Callable[["Desk", "Pupil"], list[Row]]
MOST_LINES = 200
"""Lines of the chronology that are shown; the log has the rest."""
GROUP_WORDS = {
    "harm_neglect": "risk of harm or neglect",
    "grt": "Gypsy, Roma or Traveller",
    "service": "service family",
    "missing_runaway": "missing or ran away",
    "youth_justice": "youth justice",
    "ceased_attending": "ceased attending",
    "new_migrant": "new migrant",
}


def page_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """All sections that have something to say, those that ask for something first."""
    sections: Sequence[tuple[str, str, Section]] = (
        ("Duties", "due.list", duty_rows),
        ("Cases", "case.list", case_rows),
        ("Removal", "removal.list", removal_rows),
        ("Around the child", "around.list", around_rows),
        ("About the child", "around.list", about_rows),
        ("What happened, newest first", "event.list", chronology),
    )
    rows = card_rows(desk, pupil)
    for title, verb, section in sections:
        if not may(desk, verb):
            continue
        found = section(desk, pupil)
        if found:
            rows += [Row("", (title,), tone="head"), *found]
    return rows


def card_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """The thin card, for those who read no cases: to speak to the DSL, and nothing more."""
    if may(desk, "case.list") or not may(desk, "card.show") or not cards.speak_to_dsl(desk, pupil.id):
        return []
    return [Row("", (cards.WORDS, "", ""), mark="!", tone="late")]


def duty_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """What must be done about the pupil."""
    today = desk.today()
    return [
        Row(
            f"duty {duty.id}",
            (due_words(duty.due, today, duty.state), duty.action, standing_words(duty.standing)),
            mark="!" if is_urgent(duty) else " ",
            tone="late" if is_urgent(duty) else "",
        )
        for duty in duties.due(desk, pupil=pupil.id)
    ]


def case_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """The pupil's cases, and what comes next in each."""
    from workbench.desk import cases

    rows = []
    for row in cases.cases(desk, open_only=False):
        if row.case.pupil == pupil.id:
            opened = f"opened {stamp_words(row.case.opened, desk.today())}"
            state = f"next: {row.next}" if row.case.is_open else "closed"
            rows.append(
                Row(
                    f"case {row.case.id}",
                    (row.case.id, join([opened, state]), ""),
                    "◐" if row.case.is_open else "●",
                )
            )
    return rows


def removal_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """Removals asked for, running or ended."""
    from workbench.desk import removals

    return [
        Row(
            f"removal {view.removal.id}",
            (
                view.removal.id,
                f"ground {view.removal.ground}, asked {stamp_words(view.removal.requested)}",
                view.removal.state,
            ),
            mark="○" if view.removal.state == "open" else "●",
        )
        for view in removals.removals(desk)
        if view.removal.pupil == pupil.id
    ]


def around_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """Parents and contacts in the order of calls, then professionals."""
    found = [
        Row(f"around {person.id}", (person.role or person.kind, around_words(person), ""))
        for person in roll.around(desk, pupil.id)
    ]
    return found or [
        Row("pupil ", ("–", "Nobody is recorded. a adds a parent, a contact or a professional.", ""))
    ]


def around_words(person: "Around") -> str:
    """`R. Dunmore 07700 900111 · lives with the child`."""
    return join(
        [
            join([person.name, person.phone], "  "),
            person.email,
            person.authority,
            "lives with the child" if person.lives_with else "",
            "parental responsibility" if person.parental_responsibility else "",
        ]
    )


def about_rows(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """Flags, groups and authorities."""
    groups = join([GROUP_WORDS.get(group, group) for group in pupil.groups])
    lines = (
        ("to know", know_words(pupil, desk.today())),
        ("groups", groups),
        ("lives in", join([pupil.home_la or "", pupil.address, pupil.postcode])),
        ("UPN", join([pupil.upn or "none", pupil.id])),
    )
    return [Row(f"pupil {name}", (name, words, "")) for name, words in lines if words]


def chronology(desk: "Desk", pupil: "Pupil") -> list[Row]:
    """Events, calls and amendments, newest first."""
    from workbench.desk import registers

    titles = {kind.kind: kind.title for kind in events.kinds(desk)} if may(desk, "event.kinds") else {}
    names, today = people_names(desk), desk.today()
    found: list[tuple[str, str, str, str, str]] = [
        (
            event.on.isoformat(),
            f"event {event.id}",
            day_words(event.on, today),
            event_words(event, titles),
            event.by,
        )
        for event in events.events(desk, pupil.id, texts=False)
    ]
    found += [
        (
            call.at,
            f"contact {call.id}",
            stamp_words(call.at, today),
            f"{call.how} {join([call.who, call.number], ' ')}: {call.result}",
            call.by,
        )
        for call in contacts.contacts(desk, pupil.id)
    ]
    for change in registers.amendments(desk, pupil.id):
        when = f"{day_words(change.on)} {change.session}"
        what = f"{when}: {change.was or 'no mark'} became {change.code}: {change.reason}"
        at = stamp_words(change.at, today)
        found.append((change.at, f"amendment {change.id}", at, what, change.by))
    found.sort(reverse=True)
    return [Row(key, (when, what, names.get(by, by))) for _, key, when, what, by in found[:MOST_LINES]]


def event_words(event: "PupilEvent", titles: dict[str, str]) -> str:
    """`Suspension: from 2026-11-20, days 6`."""
    given = ", ".join(
        f"{name.replace('_', ' ')} {value_words(value)}" for name, value in event.fields.items()
    )
    title = titles.get(event.kind, event.kind.replace("_", " "))
    corrects = " (puts right an earlier entry)" if event.corrects else ""
    return (f"{title}: {given}" if given else title) + corrects


def value_words(value: object) -> str:
    """`yes` and `no` for flags; other values as they are."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
