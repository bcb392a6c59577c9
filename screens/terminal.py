"""What comes from the terminal: wrong bytes, pastes and floods are made harmless before any widget sees them."""

import codecs
import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import constants, events
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from workbench.domain.characters import BAD

if TYPE_CHECKING:
    from textual.widget import Widget

__all__ = ["MOST", "TerminalParser", "pasted", "safe_input"]

MOST = 20_000
"""Characters of one paste, and of a note that is pasted into; more is cut, with a word."""
FLOOD = 512
"""So many characters that come at once were pasted: nobody types them."""
UNENDED = 10.0
"""Seconds of silence after which a paste whose end was lost is over: else no key would ever work again."""
SPLIT = tuple(BRACKETED_PASTE_START[:size] for size in range(1, len(BRACKETED_PASTE_START)))
"""How what was read may end within the beginning of a paste: it waits as long as Textual lets an Esc wait."""


class TerminalParser(XTermParser):
    """Textual's parser, which looks at each character; pastes and floods are taken out before, whole and cut."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste: list[str] | None = None
        self._held, self._since = "", 0.0
        self._flood = 0

    def feed(self, data: str) -> Iterable[Message]:
        """What was read, as messages; an empty text is the end of input."""
        if not data:
            yield from super().feed(data)
            return
        data, self._held = self._held + data, ""
        while data:
            if self._paste is None:
                before, start, data = data.partition(BRACKETED_PASTE_START)
                if start:
                    self._paste, self._since = [], get_time()
                elif before.endswith(SPLIT):
                    place = before.rindex("\x1b")
                    before, self._held, self._since = before[:place], before[place:], get_time()
                yield from self._typed(before)
            else:
                inside, end, data = data.partition(BRACKETED_PASTE_END)
                if not end:
                    inside, self._held = inside[:-5], inside[-5:]
                if sum(map(len, self._paste)) <= MOST:  # one more than is kept tells that it was cut
                    self._paste.append(inside[: MOST + 1])
                self._since = get_time()
                if not end:
                    return
                yield self._whole_paste()

    def tick(self) -> Iterable[Message]:
        """What was waited for did not come: an Esc is a key."""
        if self._paste is None and self._held and get_time() >= self._since + constants.ESCAPE_DELAY:
            held, self._held = self._held, ""
            yield from super().feed(held)
            self._timeout_time = 0.0  # it waited already
        elif self._paste is not None and get_time() >= self._since + UNENDED:
            self._paste.append(self._held)
            self._held = ""
            yield self._whole_paste()
        yield from super().tick()

    def _whole_paste(self) -> events.Paste:
        text, self._paste = "".join(self._paste or ()).replace("\x00", ""), None
        return events.Paste(text)

    def _typed(self, text: str) -> Iterable[Message]:
        if len(text) <= FLOOD or "\x1b" in text:
            self._flood = 0
            if text:
                yield from super().feed(text)
        elif self._flood <= MOST:
            self._flood += len(text)
            yield events.Paste(text)


def pasted(text: str, into: "Widget | None") -> tuple[str, str]:
    """A pasted text as the widget that has the focus can take it, and what to say of it.

    Line breaks become spaces where there is one line; control characters U+FFFD; what is too long is cut.
    """
    from textual.widgets import Input, TextArea

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    most, there = MOST, 0
    if isinstance(into, Input):
        text = text.rstrip("\n").replace("\n", " ")
        most, there = into.max_length or MOST, len(into.value) - len(into.selected_text)
    elif isinstance(into, TextArea):
        there = len(into.text) - len(into.selected_text)
    room = max(0, most - there)
    kept = "\n".join(BAD.sub("\ufffd", line) for line in text[:room].split("\n"))
    return kept, f"What was pasted was cut: at most {most:,} characters." if len(text) > room else ""


def safe_input() -> None:
    """From now on Textual's driver reads like this: a wrong byte must not end the program, nor a long line stop it."""

    def decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        return functools.partial(codecs.getincrementaldecoder(encoding), errors="replace")

    vars(linux_driver).update(getincrementaldecoder=decoder, XTermParser=TerminalParser)
