"""What is written into a case in dialogs: enquiries, notes, owner, links, closing, the export."""

import json

from screens.concern import choose_pupil
from screens.conflict import Version, Work, edit
from screens.drafts import kept
from screens.frame import WorkScreen
from screens.names import pupil_of, pupil_words
from screens.stepextras import BY
from screens.widgets.field import Field
from workbench.desk import accounts, cases, enquiries, exports, files
from workbench.desk.cases import CaseView
from workbench.domain.cases import Case, Note

DONE = (("yes", "done"), ("no", "not done, and why"))
WAITS = (
    ("us", "us"),
    ("la", "the local authority"),
    ("parents", "the parents"),
    ("police", "the police"),
    ("social-care", "social care"),
)
ROLES = (
    ("sibling", "sibling"),
    ("harmed", "harmed"),
    ("alleged", "alleged to have harmed"),
    ("witness", "witness"),
    ("subject", "subject too"),
)


EXPORTS = "Exports redact by this role."


async def record_enquiry(screen: WorkScreen, view: CaseView, step: str = "") -> bool:
    """Ask for a step of the enquiries and record it. Returns whether it was recorded.

    Args:
        screen: where it was asked for.
        view: the case.
        step: the step that is offered; the first open one unless given.
    """
    known = {each.key: each for each in view.enquiry_steps}
    done = {each.step for each in view.enquiries}
    step = step or next((key for key in known if key not in done), next(iter(known)))
    by = "la" if known[step].by == "la" else "school"
    fields = [
        Field("step", "Step", "choice", step, tuple((e.key, e.title) for e in known.values()), lines=1),
        Field("done", "Was it done?", "choice", "yes", DONE, required=True, lines=1),
        Field(
            "by_whom",
            "By",
            "choice",
            by,
            (("school", BY["school"]), ("la", BY["la"])),
            required=True,
            lines=1,
        ),
        Field("how", "How", hint="Call, letter, visit, secure form ...", limit=120),
        Field("at", "When", hint="Empty: now. Otherwise `09:05`, or `2026-11-23 09:05`.", limit=40),
        Field("result", "Result, or why not", "note", required=True, lines=3),
        Field("evidence", "Evidence", hint="Where it is kept: a letter, an e-mail, a reference.", limit=200),
    ]
    answer = await screen.fill(f"An enquiry in {view.case.id}", fields, draft=f"enquiry {view.case.id}")
    if answer is None:
        return False
    with kept(screen, f"enquiry {view.case.id}", answer):
        enquiries.add(
            screen.desk,
            view.case.id,
            answer["step"],
            answer["result"],
            by_whom=answer["by_whom"],
            done=answer["done"] == "yes",
            how=answer["how"],
            evidence=answer["evidence"],
            at=answer["at"] or None,
        )
    screen.shell.recount()
    screen.say("The enquiry is recorded.")
    return True


async def write_note(screen: WorkScreen, view: CaseView, corrects: Note | None = None) -> bool:
    """Ask for a line of the chronology, or for its correction. Returns whether it was written."""
    title = f"A note in {view.case.id}" if corrects is None else "Correct this note: the original is kept"
    fields = [
        Field(
            "text", "Note", "note", corrects.text if corrects else "", required=True, lines=5, limit=20_000
        ),
        Field(
            "at", "When it happened", hint="Empty: now. Otherwise `09:05`, or `2026-11-23 09:05`.", limit=40
        ),
    ]
    draft = f"note {view.case.id}" if corrects is None else f"correct {corrects.id}"
    answer = await screen.fill(title, fields, draft=draft)
    if answer is None:
        return False
    with kept(screen, draft, answer):
        cases.note(
            screen.desk,
            view.case.id,
            answer["text"],
            at=answer["at"] or None,
            corrects=corrects.id if corrects is not None else None,
        )
    screen.say("The note is written." if corrects is None else "Corrected; the original is kept.")
    return True


async def assign_case(screen: WorkScreen, view: CaseView) -> bool:
    """Ask who owns the case and whom it waits for. Returns whether it changed."""
    people = tuple((p.user, f"{p.name}, {p.post}") for p in accounts.people(screen.desk) if "dsl" in p.roles)

    def read() -> Version:
        case = cases.show(screen.desk, view.case.id, again=True).case
        return Version(
            case.rev,
            (
                Field("owner", "Owner", "choice", case.owner, people, required=True, lines=1),
                Field("waits_for", "Waits for", "choice", case.waits_for, WAITS, required=True, lines=1),
            ),
        )

    def write(changed: dict[str, str], rev: int, over: bool) -> Case:
        owner, waits = changed.get("owner"), changed.get("waits_for")
        return cases.assign(screen.desk, view.case.id, owner=owner, waits_for=waits, rev=rev, over=over)

    title = f"Who owns {view.case.id}, and whom it waits for"
    work = Work(title, read, write, f"assign {view.case.id}", said=lambda _: "The case is assigned.")
    return await edit(screen, work) is not None


async def link_child(screen: WorkScreen, view: CaseView) -> bool:
    """Ask for another child and the role they have here. Returns whether one was linked."""
    pupil = await choose_pupil(screen, "Which other child?")
    if pupil is None:
        return False
    role = await screen.choose(f"{pupil_of(screen.desk, pupil)} in this case", ROLES, EXPORTS)
    if role is None:
        return False
    cases.link(screen.desk, view.case.id, pupil, role)
    screen.say("The child is linked.")
    return True


async def close_case(screen: WorkScreen, view: CaseView) -> bool:
    """Close the case, or open it again; both want a reason. Returns whether it happened."""
    name = pupil_words(view.pupil)
    if view.case.is_open:
        missing = [each.text for each in view.closing if not each.met]
        text = f"Still open: {'; '.join(missing)}." if missing else "Everything that closing needs is there."
        reason = await screen.ask(f"Close {view.case.id}, {name}?", "Reason", text=text, lines=3)
        if reason is not None:
            cases.close(screen.desk, view.case.id, reason)
    else:
        reason = await screen.ask(f"Open {view.case.id}, {name}, again?", "Reason", lines=3)
        if reason is not None:
            cases.reopen(screen.desk, view.case.id, reason)
    if reason is None:
        return False
    screen.shell.recount()
    screen.say("Done; who and why are kept.")
    return True


async def export_case(screen: WorkScreen, view: CaseView) -> bool:
    """Ask for a path and write the case there as JSON. Returns whether it was written."""
    name = f"case-{view.case.id}.json"
    answer = await screen.ask(
        f"Export {view.case.id}, {pupil_words(view.pupil)}",
        "File",
        f"~/{name}",
        text="A JSON file with the case, the pupil's marks, the log about it and the head of the log. "
        "It is not encrypted: keep it where only you can read it. An existing file is not written over.",
    )
    if answer is None:
        return False
    document = exports.export_case(screen.desk, view.case.id)
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
    where = files.write_output(answer, text.encode() + b"\n")
    screen.say(f"Written: {where}")
    return True
