"""When somebody else wrote first: both versions, and a choice. Nothing that was typed is lost.

    work = Work("Dunmore, Kai 9B", read=lambda: Version(pupil.rev, fields), write=write, draft=f"pupil {id}")
    saved = await edit(screen, work)           # a form, written on the revision it was opened with
    saved = await settled(screen, work, seen, {"value": "yes"})    # the same for what was asked elsewhere

A draft holds only what the person changed, and the revision that was seen, so that taking it up again later cannot
undo what others wrote meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widget import Widget

from screens.conflictlines import Pair, beside_words, pairs_of, version_rows, words_of
from screens.names import people_names
from screens.text import stamp_words
from screens.widgets.dialog import Dialog
from screens.widgets.field import Field
from screens.widgets.lines import Lines
from workbench.domain.errors import ConflictError

if TYPE_CHECKING:
    from screens.frame import WorkScreen

REV = "rev"
"""Where a draft keeps the revision it was begun on; no field of a form is called so."""
KEYS = "t keep theirs  m keep mine  e edit again  Esc later"
MORE = "↓ more  t theirs  m mine  e edit again  Esc later"
OVER = "Yours is written over revision {}; the log says so."
LATER = "Nothing is written. What you typed is kept: it comes back when you open this again."


class Version(Struct, frozen=True):
    """A record as it stood when it was looked at: its revision, and the form's fields with its values."""

    rev: int
    fields: tuple[Field, ...]

    @property
    def values(self) -> dict[str, str]:
        """Field to its value."""
        return {field.key: field.value for field in self.fields}


class Work(Struct, frozen=True):
    """One record to edit.

    Args:
        title: whose it is.
        read: how it stands now.
        write: writes field to text on a revision; the last argument says that it replaces that revision knowingly.
            Raises ConflictError.
        draft: the name under which what was typed is kept until it is written.
        text: what to know before.
        whole: `write` is given every field, not only those that were changed.
        apart: what they changed beside these fields is no conflict: it stays, and nothing is asked.
        said: what to say once it is written; nothing where it is empty.
    """

    title: str
    read: Callable[[], Version]
    write: Callable[[dict[str, str], int, bool], Any]
    draft: str
    text: str = ""
    whole: bool = False
    apart: bool = False
    said: Callable[[Mapping[str, str]], str] = lambda _: ""


class ConflictDialog(Dialog):
    """Both versions; the answer is `theirs`, `mine`, `again`, or None for later."""

    WIDE: ClassVar[int] = 112
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "pick('theirs')", "keep theirs", show=False),
        Binding("m", "pick('mine')", "keep mine", show=False),
        Binding("e", "pick('again')", "edit again", show=False),
    ]

    def __init__(self, title: str, text: str, pairs: Sequence[Pair], who: str, also: Sequence[str]) -> None:
        super().__init__(title, text, KEYS)
        self.pairs, self.who, self.also = tuple(pairs), who, tuple(also)
        self.lines = Lines(bare=True)

    def body(self) -> Widget:
        """The versions, to be scrolled."""
        self._show()
        return self.lines

    def body_height(self) -> int:
        """All of their lines."""
        return len(version_rows(self.pairs, self.who, self.also, self._inner - 1))

    def _show(self) -> None:
        self.lines.show(version_rows(self.pairs, self.who, self.also, self._inner - 1), empty="")

    def place(self, window: Size, host: Widget) -> None:
        """As any dialog; the versions stand beside each other where there is room."""
        super().place(window, host)
        self.keys = MORE if self.body_height() > self.room else KEYS
        self.show_keys(self.keys)
        if self.is_mounted:
            self._show()

    def give_focus(self) -> None:
        """The text has the focus, for scrolling."""
        self.lines.focus()

    def action_pick(self, answer: str) -> None:
        """Answer."""
        self.finish(answer)


async def edit(screen: "WorkScreen", work: Work) -> Any:
    """Open a record's form and write what was changed on the revision that the form showed.

    Returns:
        What `write` returned; None if nothing was written.
    """
    seen, mine = _taken_up(screen, work)
    return await _form(screen, work, seen, mine)


async def settled(screen: "WorkScreen", work: Work, seen: Version, mine: Mapping[str, str]) -> Any:
    """Write what was typed on the revision that was seen; if somebody else wrote first, both versions are shown and
    the person decides.

    Returns:
        What `write` returned; None if theirs stands, or nothing is decided yet.
    """
    return await _write(screen, work, seen, dict(mine), over=False)


def waiting(screen: "WorkScreen", work: Work) -> bool:
    """Whether something that was typed for this record waits to be decided on."""
    return bool(screen.shell.draft(work.draft))


def _taken_up(screen: "WorkScreen", work: Work) -> tuple[Version, dict[str, str]]:
    """The record to begin from and what was typed before. A draft stays on the revision it was begun on."""
    now, kept = work.read(), dict(screen.shell.draft(work.draft))
    rev = int(kept.pop(REV, now.rev))
    return msgspec.structs.replace(now, rev=rev), kept


async def _form(
    screen: "WorkScreen", work: Work, seen: Version, mine: dict[str, str], over: bool = False, text: str = ""
) -> Any:
    fields = [msgspec.structs.replace(f, value=mine.get(f.key, f.value)) for f in seen.fields]
    answer = await screen.fill(
        work.title, fields, text or work.text, draft=work.draft, kept_as=partial(_kept, work, seen)
    )  # a lock, a line that is cut and an Esc keep what was typed, and what was taken up from before
    if answer is None:
        return None
    changed = _changed(work, seen, answer)
    return await _write(screen, work, seen, changed, over) if changed else None


def _changed(work: Work, seen: Version, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed that is not as it was seen; all of it, or nothing, where a record is written whole."""
    changed = {key: value for key, value in typed.items() if value != seen.values.get(key)}
    return dict(typed) if changed and work.whole else changed


def _says_so(now: Version, mine: Mapping[str, str]) -> bool:
    """Whether they wrote the very same: then there is nothing to decide."""
    return all(now.values.get(key) == value for key, value in mine.items())


def _kept(work: Work, seen: Version, typed: Mapping[str, str]) -> dict[str, str]:
    """What a draft keeps of a form: what was changed, and on which revision."""
    changed = _changed(work, seen, typed)
    return {**changed, REV: str(seen.rev)} if changed else {}


def _keep(screen: "WorkScreen", work: Work, seen: Version, mine: dict[str, str]) -> None:
    screen.shell.keep_draft(work.draft, {**mine, REV: str(seen.rev)} if mine else None)


async def _write(screen: "WorkScreen", work: Work, seen: Version, mine: dict[str, str], over: bool) -> Any:
    """Write, and ask as often as somebody else was first."""
    while True:
        _keep(screen, work, seen, mine)
        try:
            saved = work.write(mine, seen.rev, over)
        except ConflictError as error:
            now = msgspec.structs.replace(work.read(), rev=error.rev)
            if work.apart and all(now.values[key] == seen.values[key] for key in mine):
                seen = now
                continue
            choice = "theirs" if _says_so(now, mine) else await _ask(screen, work, error, (seen, now), mine)
            if choice == "mine":
                seen, over = now, True
                continue
            return await _otherwise(screen, work, error, now, mine, choice)
        screen.shell.keep_draft(work.draft, None)
        if words := OVER.format(seen.rev) if over else work.said(mine):
            screen.say(words)
        return saved


async def _otherwise(
    screen: "WorkScreen",
    work: Work,
    error: ConflictError,
    now: Version,
    mine: dict[str, str],
    choice: str | None,
) -> Any:
    """What follows where one's own version is not written as it is."""
    if choice == "again":
        fields = tuple(
            msgspec.structs.replace(f, other=words_of(f, f.value))
            if mine.get(f.key, f.value) != f.value
            else f
            for f in now.fields
        )
        text = f"{_who(screen, error)}. What they wrote is below each field that differs."
        return await _form(screen, work, Version(now.rev, fields), mine, over=True, text=text)
    if choice == "theirs":
        screen.shell.keep_draft(work.draft, None)
        what = "It says what yours says." if _says_so(now, mine) else "Yours is dropped."
        screen.say(f"{what} {_who(screen, error)}.")
    else:
        screen.say(LATER)
    return None


async def _ask(
    screen: "WorkScreen",
    work: Work,
    error: ConflictError,
    versions: tuple[Version, Version],
    mine: dict[str, str],
) -> str | None:
    seen, now = versions
    pairs = pairs_of(now.fields, now.values, mine)
    also = beside_words(now.fields, seen.values, now.values, mine)
    rest = "" if work.whole else " Keeping yours writes only the fields below."
    text = f"Somebody else changed this while you had it open. Yours is not written yet.{rest}"
    answer = await screen.dialog(ConflictDialog(work.title, text, pairs, _who(screen, error), also))
    return str(answer) if answer is not None else None


def _who(screen: "WorkScreen", error: ConflictError) -> str:
    """`Stands now: A. Bello, today 09:12`."""
    name = people_names(screen.desk).get(error.by, error.by) or "somebody else"
    when = f", {stamp_words(error.at, screen.desk.today())}" if error.at else ""
    return f"Stands now: {name}{when}"
