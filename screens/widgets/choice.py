"""A choice: one of a few things, drawn as a short list or in one line. Arrows and first letters choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from screens.text import fit
from screens.widgets.paint import Painted


class Choice(Painted, can_focus=True):
    """One of several choices; nothing is chosen where `value` is none of them.

    Args:
        choices: key and words of each.
        value: the key chosen at first.
        tall: one line a choice; otherwise a single line.
    """

    @dataclass
    class Chosen(Message):
        """Another choice was made."""

        choice: "Choice"
        value: str

    def __init__(
        self, choices: Sequence[tuple[str, str]], value: str = "", tall: bool = True, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.choices, self.tall = tuple(choices), tall
        self.at = next((place for place, (key, _) in enumerate(choices) if key == value), -1)
        self.styles.height = max(1, len(self.choices)) if tall else 1

    @property
    def value(self) -> str:
        """The key that is chosen, or an empty text."""
        return self.choices[self.at][0] if self.at >= 0 else ""

    def choose(self, value: str) -> None:
        """Choose by key; an unknown one chooses nothing."""
        self._set(next((place for place, (key, _) in enumerate(self.choices) if key == value), -1))

    def _set(self, place: int) -> None:
        if place != self.at:
            self.at = place
            self.refresh()
            self.post_message(self.Chosen(self, self.value))

    def watch_has_focus(self, has: bool) -> None:
        """Show or hide the cursor."""
        super().watch_has_focus(has)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One choice, or the one that is chosen."""
        if self.tall:
            if y >= len(self.choices):
                return self.strip_of([])
            here = y == self.at
            sign = "●" if here else "○"
            cursor = "▸" if here and self.has_focus else " "
            return self.strip_of([(f"{cursor}{sign} {self.choices[y][1]}", "strong" if here else "")])
        words = self.choices[self.at][1] if self.at >= 0 else "not chosen"
        place = f"  {self.at + 1} of {len(self.choices)}"
        words = fit(words, max(4, self.size.width - len(place) - 4))
        return self.strip_of([(f"‹ {words} ›", "strong" if self.has_focus else ""), (place, "quiet")])

    def on_key(self, event: events.Key) -> None:
        """Arrows step, a letter or digit jumps; at an end of a tall list, up and down leave it."""
        back, on = ("left", "up") if self.tall else ("left",), ("right", "down") if self.tall else ("right",)
        if event.key in on or event.key == "space":
            if event.key == "down" and self.at == len(self.choices) - 1:
                return
            self._set((self.at + 1) % len(self.choices))
        elif event.key in back:
            if event.key == "up" and self.at <= 0:
                return
            self._set((self.at - 1) % len(self.choices))
        elif event.is_printable and event.character and self._jump(event.character):
            pass
        else:
            return
        event.stop()
        event.prevent_default()

    def _jump(self, letter: str) -> bool:
        """The next choice whose key or words begin with the letter."""
        order = [*range(self.at + 1, len(self.choices)), *range(self.at + 1)]
        for place in order:
            if any(text.casefold().startswith(letter.casefold()) for text in self.choices[place]):
                self._set(place)
                return True
        return letter.isalnum()

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        self.focus()
        if self.tall and event.y < len(self.choices):
            self._set(event.y)
