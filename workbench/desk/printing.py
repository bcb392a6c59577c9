"""Printing: a sheet as HTML for A4 or as plain text, into a file or to whoever reads. Each print is one entry."""

from typing import Literal

from msgspec import Struct

from workbench.desk import clipboard
from workbench.desk.context import Desk
from workbench.desk.files import outside, taken_back, write_output
from workbench.desk.permissions import PERMITS, may, verb
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, RefusedError
from workbench.domain.sheethtml import as_html
from workbench.domain.sheets import Kind, Sheet
from workbench.domain.sheettext import as_pages, as_text

Format = Literal["text", "html"]
FORMATS: tuple[Format, ...] = ("text", "html")
PRINTED = {"return": "return.printed", "chronology": "case.printed"}
"""Acts of prints that say of safeguarding; all others are `print.made`."""
COPIED = {"return": "return.copied"}
NEVER_COPIED = frozenset({"chronology"})
"""Kinds that go to no clipboard, whatever the school allows."""


class Printed(Struct, frozen=True, kw_only=True):
    """A sheet that was printed and recorded."""

    kind: Kind
    subject: str
    why: str
    title: str
    format: Format
    path: str
    """The file; empty where there is none."""
    copied: bool
    missing: tuple[str, ...]
    at: str
    head: str
    """The newest entry of the log before this print, which stands on it."""
    text: str
    """What was printed; empty where it stands in a file."""


def format_of(out: str | None) -> Format:
    """The format that a file's name asks for: `html` where it ends in .html, else `text`."""
    return "html" if out is not None and out.lower().endswith((".html", ".htm")) else "text"


@verb("print.make")
def make(desk: Desk, sheet: Sheet, fmt: str = "text", out: str | None = None) -> Printed:
    """Print a sheet. Without a file the caller shows what comes back.

    Args:
        desk: the desk.
        sheet: as the verb of its kind made it.
        fmt: `text` or `html`.
        out: a file to write, for its owner only, whole or not at all and over no other; not in the data folder.

    Raises:
        InvalidError: if the format is unknown, or the file is there or cannot be written.
        FolderError: if the log could not say so; the file is then taken away again.
    """
    chosen = _format(fmt)
    _check_kind(desk, sheet)
    act = PRINTED.get(sheet.kind, "print.made")
    if out is None:
        text = as_html(sheet) if chosen == "html" else as_pages(sheet)
        desk.note_if_possible(act, subject=sheet.subject or None, why=sheet.why)
        return _printed(sheet, chosen, text=text)
    data = (as_html(sheet) if chosen == "html" else as_pages(sheet)).encode()
    path = outside(out, desk.store.path)
    with taken_back(str(path)) as prove:
        write_output(str(path), data, prove=prove)
        desk.note_if_possible(act, subject=sheet.subject or None, why=sheet.why)
    return _printed(sheet, chosen, path=str(path))


@verb("print.make")
def copy(desk: Desk, sheet: Sheet) -> Printed:
    """A sheet as text for the clipboard of the machine at the other end: the caller sends it there.

    Raises:
        RefusedError: if the school does not allow it, or a sheet of this kind is never copied.
        InvalidError: if it is longer than a terminal takes.
    """
    _check_kind(desk, sheet)
    if sheet.kind in NEVER_COPIED:
        raise RefusedError(
            "The chronology of a case goes to no clipboard.", todo="Write it to a file, and print that."
        )
    if not clipboard.is_allowed(desk):
        raise RefusedError(
            "The school does not allow copying to the clipboard.",
            kept="Nothing was copied.",
            todo="Write it to a file; a DSL or leader allows it with `workbench clipboard allow`.",
        )
    text = as_text(sheet)
    if len(text.encode()) > clipboard.MOST:
        raise InvalidError("It is too long for the clipboard of a terminal.", todo="Write it to a file.")
    desk.note_if_possible(
        COPIED.get(sheet.kind, "print.copied"), subject=sheet.subject or None, why=sheet.why
    )
    return _printed(sheet, "text", text=text, copied=True)


def _format(fmt: str) -> Format:
    for known in FORMATS:
        if fmt == known:
            return known
    raise InvalidError(f"format: {harmless(fmt)}.", todo=f"One of {', '.join(FORMATS)}.")


def _check_kind(desk: Desk, sheet: Sheet) -> None:
    """A sheet is printed by whoever may make one of its kind."""
    if not may(desk, f"print.{sheet.kind}"):
        roles = " or ".join(sorted(PERMITS[f"print.{sheet.kind}"]))
        raise RefusedError(f"print.{sheet.kind} is for {roles}.", todo="Ask one of them.")


def _printed(sheet: Sheet, fmt: Format, text: str = "", path: str = "", copied: bool = False) -> Printed:
    return Printed(
        kind=sheet.kind,
        subject=sheet.subject,
        why=sheet.why,
        title=sheet.title,
        format=fmt,
        path=path,
        copied=copied,
        missing=sheet.missing,
        at=sheet.proof.at,
        head=sheet.proof.head,
        text=text,
    )
