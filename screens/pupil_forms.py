"""The forms for a pupil's own data and for the people around the child."""

from typing import TYPE_CHECKING

from screens.conflict import Version, Work, edit
from screens.names import pupil_words
from screens.pupil_rows import GROUP_WORDS, value_words
from screens.widgets.form import Field
from workbench.desk import roll
from workbench.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screens.frame import WorkScreen
    from workbench.domain.pupils import Around, Pupil

YES_NO = (("yes", "yes"), ("no", "no"))
KINDS = (("parent", "parent or carer"), ("contact", "other contact"), ("professional", "professional"))


def around_fields(person: "Around | None" = None) -> "Sequence[Field]":
    """The form for somebody around a child."""

    def first(name: str) -> str:
        return value_words(getattr(person, name)) if person is not None else ""

    flags = (("parental_responsibility", "Parental respons."), ("lives_with", "Child lives there"))
    return (
        Field("kind", "Who", "choice", first("kind") or "parent", KINDS, lines=1),
        Field("name", "Name", value=first("name"), required=True, limit=200),
        Field(
            "role",
            "Role",
            value=first("role"),
            limit=60,
            hint="mother, grandfather, social-worker, yot, ewo ...",
        ),
        Field("phone", "Telephone", value=first("phone"), limit=40),
        Field("email", "Email", value=first("email"), limit=200),
        Field("address", "Address", value=first("address"), limit=300),
        Field(
            "authority",
            "Authority",
            value=first("authority"),
            limit=200,
            hint="For a professional: who they work for.",
        ),
        *(Field(key, words, "choice", first(key) or "no", YES_NO, lines=1) for key, words in flags),
        Field(
            "order",
            "Call as number",
            value=first("order"),
            limit=2,
            hint="1 is called first; empty: after the others.",
        ),
    )


async def add_around(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Add a parent, a contact or a professional."""
    answer = await screen.fill(f"Around {pupil_words(pupil)}", around_fields(), draft=f"around {pupil.id}")
    if answer is not None:
        person = roll.around_add(
            screen.desk, pupil.id, {key: value for key, value in answer.items() if value}
        )
        screen.reload()
        screen.say(f"Added: {person.name}")


async def edit_around(screen: "WorkScreen", pupil: "Pupil", own_id: str) -> None:
    """Edit somebody around the child, or take them away."""
    person = next((each for each in roll.around(screen.desk, pupil.id) if each.id == own_id), None)
    if person is None:
        screen.say("That person is no longer recorded.", late=True)
        return
    what = await screen.choose(person.name, [("edit", "Edit"), ("remove", "Take off the list")])
    if what == "remove":
        sure = await screen.confirm(
            f"Take {person.name} off the people around {pupil_words(pupil)}?",
            "The log keeps that they were there.",
        )
        if sure:
            roll.around_remove(screen.desk, own_id)
    elif what == "edit":
        await edit(screen, _around_work(screen, pupil, person))
    screen.reload()


def _around_work(screen: "WorkScreen", pupil: "Pupil", person: "Around") -> Work:
    """Editing somebody around a child: only what was changed is written."""

    def read() -> Version:
        now = next((each for each in roll.around(screen.desk, pupil.id) if each.id == person.id), None)
        if now is None:
            raise NotFoundError(f"{person.id} was taken off the people around {pupil.id} meanwhile.")
        return Version(now.rev, tuple(around_fields(now)))

    def write(changed: dict[str, str], rev: int, over: bool) -> "Around":
        return roll.around_edit(screen.desk, person.id, changed, rev=rev, over=over)

    return Work(person.name, read, write, f"around {person.id}", said=changed_words)


def changed_words(changed: "Mapping[str, str]") -> str:
    """`Changed: address, postcode`."""
    return f"Changed: {', '.join(sorted(changed))}"


# -- the pupil ---------------------------------------------------------------------------------------------


def pupil_fields(pupil: "Pupil") -> "Sequence[Field]":
    """The form for a pupil's own data."""
    flags = (
        ("social_worker", "Social worker"), ("child_protection_plan", "Protection plan"),
        ("section_47", "Section 47"), ("ehc_plan", "EHC plan"),
        ("placed_by_la", "Placed by authority"), ("boarder", "Boarder"), ("mobile_child", "Mobile child"),
    )  # fmt: skip
    texts = (
        ("class", "Class", pupil.class_), ("year", "Year", str(pupil.year)), ("upn", "UPN", pupil.upn or ""),
        ("starts", "First day", pupil.starts.isoformat()), ("address", "Address", pupil.address),
        ("postcode", "Postcode", pupil.postcode), ("home_la", "Home authority", pupil.home_la or ""),
        ("placing_la", "Placing authority", pupil.placing_la or ""),
        ("looked_after_by", "Looked after by", pupil.looked_after_by or ""),
        ("dual_registered_at", "Also at school", pupil.dual_registered_at or ""),
    )  # fmt: skip
    return (
        Field("surname", "Surname", value=pupil.surname, required=True, limit=200),
        Field("forename", "Forename", value=pupil.forename, required=True, limit=200),
        *(Field(key, label, value=value, limit=300) for key, label, value in texts),
        Field("groups", "Groups", value=" ".join(pupil.groups), hint=", ".join(GROUP_WORDS)),
        *(
            Field(key, label, "choice", value_words(getattr(pupil, key)), YES_NO, lines=1)
            for key, label in flags
        ),
    )


async def edit_pupil(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Edit what is known about the pupil; only what was changed is written."""

    def read() -> Version:
        now = roll.find(screen.desk, pupil.id)
        return Version(now.rev, tuple(pupil_fields(now)))

    def write(changed: dict[str, str], rev: int, over: bool) -> "Pupil":
        return roll.edit(screen.desk, pupil.id, changed, rev=rev, over=over)

    title = f"{pupil_words(pupil)} · {pupil.id}"
    if await edit(screen, Work(title, read, write, f"pupil {pupil.id}", said=changed_words)) is not None:
        screen.shell.recount()
    screen.reload()
