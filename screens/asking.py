"""Asking: the dialogs that every screen can open, as methods to await."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from screens.drafting import Key
from screens.text import Col, count
from screens.widgets.lines import Row
from workbench.domain.errors import ConflictError, FileFaultsError, WorkbenchError

if TYPE_CHECKING:
    from screens.app import WorkbenchApp
    from screens.widgets.dialog import Dialog
    from screens.widgets.form import Field
    from screens.widgets.host import Host
    from workbench.desk.context import Desk

KeptAs = Callable[[dict[str, str]], dict[str, str]]


class AskingScreen(Screen[None]):
    """A screen that can ask: `confirm`, `choose`, `ask`, `fill`, `tell`.

    Args:
        desk: the desk of the person signed in.
    """

    focused: var[Widget | None] = var(None)
    """As Textual's own, but a change of focus does not repaint the whole screen."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk
        self.dialogs: list[Dialog] = []

    @property
    def shell(self) -> "WorkbenchApp":
        """The app, by its own type."""
        return cast("WorkbenchApp", self.app)

    async def dialog(self, dialog: "Dialog") -> Any:
        """Open a dialog and wait for its answer; None where it was left."""
        before = self.focused
        host = await self._host(len(self.dialogs))
        self.dialogs.append(dialog)
        try:
            dialog.place(self.app.size, host)
            await host.mount(dialog)
            await self._unveil(host)
            dialog.give_focus()
            return await dialog.answer
        finally:
            self.dialogs.remove(dialog)
            if self.is_attached:
                self.set_focus(before if before is not None and before.is_attached else None)
                host.display = False
                await dialog.remove()

    async def _unveil(self, host: "Host") -> None:
        """Show the box in one paint. Textual paints what was laid out anew twice, once as laid out and once
        as resized:
        here the first paint falls into a batch, which drops it, and the box is painted once after that."""
        laid_out = asyncio.Event()
        with self.app.batch_update():
            host.display = True
            self._refresh_layout()
            self.call_later(laid_out.set)
            await laid_out.wait()
        host.refresh()

    async def _host(self, level: int) -> "Host":
        """The box that a dialog of this level stands in. It is there from the start, since mounting into the
        screen
        itself would repaint all of it."""
        from screens.widgets.host import Host

        hosts = list(self.query(Host))
        if level < len(hosts):
            return hosts[level]
        host = Host()
        await self.mount(host)
        return host

    async def confirm(
        self, title: str, consequence: str, yes: str = "Yes", no: str = "No, leave it as it is"
    ) -> bool:
        """Ask before what cannot be undone. The title names the child or thing, the text the consequence; No
        is first."""
        from screens.widgets.dialog import ChooseDialog

        rows = [Row("no", (no,)), Row("yes", (yes,))]
        return bool(await self.dialog(ChooseDialog(title, rows, consequence)) == "yes")

    async def choose(
        self, title: str, options: Sequence[tuple[str, str] | Row], text: str = "", at: str = "",
        cols: Sequence[Col] = (), typing: bool = False,
    ) -> str | None:  # fmt: skip
        """One of several things by its key; None where the dialog was left."""
        from screens.widgets.dialog import ChooseDialog

        rows = [option if isinstance(option, Row) else Row(option[0], (option[1],)) for option in options]
        answer = await self.dialog(ChooseDialog(title, rows, text, cols=cols, at=at, typing=typing))
        return cast("str | None", answer)

    async def ask(
        self, title: str, label: str, value: str = "", text: str = "", *, lines: int = 1,
        required: bool = True, hint: str = "", draft: str = "",
    ) -> str | None:  # fmt: skip
        """One text, of several lines where `lines` > 1; None where the dialog was left. `draft` as for `fill`."""
        from screens.widgets.form import Field

        field = Field(
            "text", label, "note" if lines > 1 else "text", value, required=required, hint=hint, lines=lines
        )
        answer = await self.fill(title, [field], text, draft=draft)
        return None if answer is None else answer["text"]

    async def fill(
        self, title: str, fields: "Sequence[Field]", text: str = "", values: Mapping[str, str] | None = None,
        draft: str = "", kept_as: KeptAs | None = None,
    ) -> dict[str, str] | None:  # fmt: skip
        """A form; None where it was left.

        Args:
            title: what is filled in, for whom.
            fields: in the order of Tab.
            text: what to know before.
            values: first values.
            draft: a name under which what was typed survives a lock, a line that is cut and an Esc until it is
                accepted. Without one, a form that takes a note survives the first two.
            kept_as: what a draft keeps of all that stands in the form, nothing where nothing was typed.
        """
        from screens.widgets.dialog import FormDialog

        name = draft or self._own_name(title, fields)
        kept = self.shell.draft(name) if name else {}
        dialog = FormDialog(title, fields, self.desk.today(), text, {**(values or {}), **kept})
        if not name:
            return cast("dict[str, str] | None", await self.dialog(dialog))
        first = {field.key: (values or {}).get(field.key, field.value).strip() for field in fields}
        unsaved = kept_as or partial(_unlike, first)
        key = Key(self.desk.user(), name)
        dialog.typed = lambda: self.shell.drafts.typed(self.desk, key, unsaved(dialog.form.drafts()))
        try:
            answer = await self.dialog(dialog)
        except BaseException:
            self.shell.drafts.keep(self.desk, key, unsaved(dialog.form.drafts()))
            raise
        self.shell.keep_draft(name, unsaved(dialog.form.drafts()) if answer is None and draft else None)
        return cast("dict[str, str] | None", answer)

    def _own_name(self, title: str, fields: "Sequence[Field]") -> str:
        """The name of the draft of a form without one of its own: where it was opened, and what it is called. Only what
        is written out is worth it; what stands at the lock is nobody's."""
        place = getattr(self, "place", None)
        written = any(field.kind == "note" for field in fields) and all(f.kind != "secret" for f in fields)
        return f"{place} {title}" if place is not None and written else ""

    async def tell(self, title: str, lines: "Sequence[str | Row]", leave: str = "Esc back") -> None:
        """Text to read, wrapped and scrolled; `leave` says what the keys that leave it lead to."""
        from screens.widgets.dialog import TellDialog

        await self.dialog(TellDialog(title, lines, leave))


def _unlike(first: Mapping[str, str], typed: dict[str, str]) -> dict[str, str]:
    """All that stands in a form; nothing if it is as it was opened."""
    return typed if any(value != first[key] for key, value in typed.items()) else {}


def error_lines(error: WorkbenchError) -> list[str | Row]:
    """What an error holds beside its three sentences: both versions, faults, gates."""
    if isinstance(error, ConflictError):
        both = [
            f"{name}: stored “{_brief(error.theirs.get(name))}”, yours “{_brief(error.yours.get(name))}”"
            for name in sorted(error.differing())
        ]
        return ["", *both]
    if isinstance(error, FileFaultsError):
        shown: list[str | Row] = ["", count(len(error.faults), "fault") + ":"]
        return [*shown, *(f"  {fault}" for fault in error.faults[:500])]
    return []


def _brief(value: object) -> str:
    """A value as it is read; how many there are of a list."""
    if isinstance(value, list | dict):
        return count(len(value), "part")
    return "–" if value in (None, "") else str(value)
