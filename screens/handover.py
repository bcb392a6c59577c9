"""Handing a case over from its page: the look at who is named, then where the bundle goes and how."""

from typing import TYPE_CHECKING

from screens.names import pupil_words
from screens.widgets.field import Field
from screens.widgets.lines import Row
from workbench.desk import handover_out
from workbench.desk.handover_out import Exported, Way
from workbench.domain.errors import InvalidError
from workbench.domain.handover import Redacted, ThirdParties, goes_words

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.domain.caseview import CaseView

WAY = (
    "The bundle is signed by you. Say by which secure way it goes, or encrypt it: for the next school's age key, or "
    "with a passphrase that you tell them by telephone."
)


async def hand_over(screen: "WorkScreen", view: "CaseView") -> bool:
    """Show who is named and who is not, ask for file and way, and write the bundle. Returns whether it was."""
    case = view.case.id
    seen = handover_out.look(screen.desk, case)
    title = f"Hand over {case}, {pupil_words(view.pupil)}: who is named?"
    await screen.tell(title, look_rows(seen), "Enter, Esc on to file and way")
    answer = await screen.fill(f"Hand over {case}, {pupil_words(view.pupil)}", _fields(case, seen.to), WAY)
    if answer is None:
        return False
    made = handover_out.export(screen.desk, case, answer["out"], _way(answer), answer["to"])
    await screen.tell("The bundle is written", _said(made))
    screen.say(f"{made.handover.id} is written; it stays open until a receipt comes.")
    return True


def look_rows(seen: ThirdParties) -> list[str | Row]:
    """The look before an export, as the lines of a dialog."""
    rows: list[str | Row] = [f"Goes to: {seen.to or 'not recorded; you can say it next'}", "", "Named in it"]
    rows += [f"  {one.name}  {one.role}" for one in seen.named]
    rows += ["", "Taken out" if seen.redacted else "Taken out: nobody else is named in it."]
    rows += [Row("", (_taken(one),), tone="late" if one.left else "") for one in seen.redacted]
    return [
        *rows,
        "",
        f"Goes out: {goes_words(seen.goes)}.",
        *(f"Stays here: {words}." for words in seen.stays),
    ]


def _taken(one: Redacted) -> str:
    left = f"; {one.left} left in small letters: read them" if one.left else ""
    return f"  {one.name}  [{one.role} {one.id}], {one.places} places{left}"


def _fields(case: str, to: str) -> list[Field]:
    return [
        Field("out", "File", value=f"~/handover-{case}.zip", required=True, hint="Nothing is written over."),
        Field("to", "Next school", value=to, limit=200),
        Field("channel", "Secure way", hint="Who carries it, or which system: needed if not encrypted."),
        Field("recipient", "Or an age key", limit=100, hint="age1...; they make one with age-keygen."),
        Field("passphrase", "Or a passphrase", "secret", hint="Four words; tell them by telephone."),
        Field("again", "Once more", "secret"),
    ]


def _way(answer: dict[str, str]) -> Way:
    if answer["passphrase"] != answer["again"]:
        raise InvalidError("The two passphrases are not the same.", todo="Type both again.")
    return Way(
        recipient=answer["recipient"].strip(), passphrase=answer["passphrase"], channel=answer["channel"]
    )


def _said(made: Exported) -> list[str | Row]:
    one = made.handover
    return [
        made.path,
        f"{one.id}, {one.size:,} bytes, for {one.to or 'a school that is not recorded'}",
        "",
        "Check sum of the bundle, which the receipt reads back:",
        f"  {one.sha256}",
        "Your key's fingerprint, which you read out by telephone:",
        f"  {one.signer}",
        "",
        "Do not send the fingerprint with the bundle. The handover stays open until a receipt comes.",
    ]
