"""Which child here another school's file is about: found by UPN, then by name and birth date, or put on the roll. No
verbs here."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from rules.wizard import groups
from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.pupil_fields import values_of
from workbench.domain import upn as upns
from workbench.domain.casefile import FilePupil
from workbench.domain.characters import harmless
from workbench.domain.errors import ConflictError, InvalidError, NotFoundError
from workbench.domain.pupils import Pupil

By = Literal["upn", "name and birth date", "given", "added"]
SAID = (
    "social_worker", "child_protection_plan", "section_47", "looked_after_by", "home_la", "placing_la", "ehc_plan",
)  # fmt: skip
"""What a file says about a child's protection: named where the record here has it otherwise, taken over for a new
one."""
ADDED = ("class", "starts", "year", "upn", "surname", "forename", "born")
"""What can be said of a child who is put on the roll; the rest is as the file has it."""


class Match(Struct, frozen=True, kw_only=True):
    """The child that a file is about."""

    pupil: Pupil
    """As the record stands, or would be made; an empty id then."""
    by: By
    differs: tuple[str, ...]
    """Fields of the record that the file has otherwise."""


def match(desk: Desk, file: FilePupil, ref: str | None, add: Mapping[str, str] | None) -> Match:
    """The child, on roll here or once.

    Args:
        desk: the desk.
        file: what the file says about the child.
        ref: the id or UPN of the child here; looked for unless given.
        add: fields of a child who is to be put on the roll.

    Raises:
        NotFoundError: nobody here is the child, and nobody is to be added.
        InvalidError: `ref` is another child, the child to add is here, or a field cannot be read.
    """
    found = [pupil for pupil in desk.records("pupils", "pupils", Pupil) if _same(pupil, file)]
    if ref is not None:
        return _given(lookup(desk, ref), file)
    if len(found) > 1:
        ids = ", ".join(pupil.id for pupil in found)
        raise InvalidError(
            f"More than one pupil here may be the child: {ids}.", todo="Name one with --pupil."
        )
    if found and add is not None:
        raise InvalidError(
            f"The child is here already: {found[0].id}.", todo="Import it without adding the child."
        )
    if found:
        _refuse_stranger(found[0], file)
        return Match(pupil=found[0], by=_by(found[0], file), differs=_differs(found[0], file))
    if add is None:
        raise _almost(desk, file) or _nobody(file)
    return Match(pupil=_new(desk, file, add), by="added", differs=())


def settled(desk: Desk, tx: Tx, found: Match) -> Pupil:
    """The child inside the change, put on the roll if new.

    Raises:
        ConflictError: somebody else put the child on the roll meanwhile.
    """
    if found.by != "added":
        lookup(desk, found.pupil.id)  # once more, under the lock: the child may have been erased meanwhile
        return found.pupil
    for own, doc in tx.docs("pupils", "pupils").items():
        if found.pupil.upn and doc["upn"] == found.pupil.upn:
            raise ConflictError("The child was put on the roll meanwhile.", {"id": own}, {})
    own = desk.fresh(tx, "pupils", "pupils", "P")
    return desk.save(tx, "pupils", "pupils", msgspec.structs.replace(found.pupil, id=own), rev=0)


def _same(pupil: Pupil, file: FilePupil) -> bool:
    if pupil.upn and file.upn:
        return pupil.upn == upns.tidy(file.upn)
    return _named(pupil, file) and pupil.born == file.born


def _named(pupil: Pupil, file: FilePupil) -> bool:
    return (pupil.surname.casefold(), pupil.forename.casefold()) == (
        file.surname.strip().casefold(),
        file.forename.strip().casefold(),
    )


def _by(pupil: Pupil, file: FilePupil) -> By:
    return "upn" if pupil.upn and file.upn else "name and birth date"


def _given(pupil: Pupil, file: FilePupil) -> Match:
    """The child that was named, unless the file is plainly about another."""
    other = []
    if pupil.upn and file.upn and pupil.upn != upns.tidy(file.upn):
        other.append("UPN")
    if pupil.born != file.born:
        other.append("birth date")
    if other:
        raise InvalidError(
            f"The file is about another child than {pupil.id}: its {' and '.join(other)} differ.",
            todo="Look which is right; edit the pupil, or ask the sender to put the file right.",
        )
    return Match(pupil=pupil, by="given", differs=_differs(pupil, file))


def _refuse_stranger(pupil: Pupil, file: FilePupil) -> None:
    """A UPN alone does not make a child: where name and birth date are another's, one of the two was mistyped.

    Raises:
        InvalidError: if neither is the pupil's.
    """
    if not _named(pupil, file) and pupil.born != file.born:
        raise InvalidError(
            f"{pupil.id} has the UPN of the file, but another name and another birth date.",
            todo="Look which is right; edit the pupil, or ask the sender to put the file right.",
        )


def _differs(pupil: Pupil, file: FilePupil) -> tuple[str, ...]:
    named = () if _named(pupil, file) else ("name",)
    upn = () if not file.upn or pupil.upn == upns.tidy(file.upn) else ("upn",)
    born = () if pupil.born == file.born else ("birth date",)
    return (*named, *upn, *born, *(name for name in SAID if getattr(pupil, name) != getattr(file, name)))


def _almost(desk: Desk, file: FilePupil) -> InvalidError | None:
    """What to say where a child has the name and birth date of the file, and another UPN."""
    for pupil in desk.records("pupils", "pupils", Pupil):
        if _named(pupil, file) and pupil.born == file.born:
            return InvalidError(
                f"{pupil.id} has the name and birth date of the file, but another UPN.",
                todo="Look which UPN is right and edit the pupil, or ask the sender to put the file right; if it is "
                "another child, import with --add-pupil.",
            )
    return None


def _nobody(file: FilePupil) -> NotFoundError:
    known = (
        f"the UPN {harmless(file.upn, 13)}, or the name and birth date"
        if file.upn
        else "the name and birth date"
    )
    return NotFoundError(
        f"Nobody here has {known} of the file.",
        todo="Put the child on the roll and import again; or import with --add-pupil --class CLASS --starts DATE; or "
        "name the child with --pupil.",
    )


def _new(desk: Desk, file: FilePupil, add: Mapping[str, str]) -> Pupil:
    """A record made of the file and of what is said of the place here."""
    unknown = [name for name in add if name not in ADDED]
    if unknown or not add.get("class"):
        raise InvalidError(
            "A child who is put on the roll needs a class.", todo=f"It takes {', '.join(ADDED)}."
        )
    said = {
        "surname": file.surname,
        "forename": file.forename,
        "born": file.born.isoformat(),
        "year": str(file.year),
        "starts": desk.today().isoformat(),
        "upn": file.upn or "",
        "address": file.address,
        "postcode": file.postcode,
        "groups": " ".join(_groups(desk, file)),
        **{name: text for name, text in add.items() if text},
    }
    values: dict[str, Any] = values_of(desk, said)
    if values["starts"] <= values["born"]:
        raise InvalidError("starts: the pupil would start before being born.")
    return Pupil(id="", **values, **{name: getattr(file, name) for name in SAID})


def _groups(desk: Desk, file: FilePupil) -> list[str]:
    known = {group.key for group in groups(desk.rules_to_write, desk.today())}
    return [name for name in file.groups if name in known]
