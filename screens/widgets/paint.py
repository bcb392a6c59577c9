"""What all line-drawn widgets share: tones made from theme variables, and strips of few style runs."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.text import cell_len, fit, safe

Span = tuple[str, str]
"""A text and its tone; the empty tone is the widget's own."""
Spans = Sequence[Span]

TONES = ("late", "quiet", "strong", "head", "accent", "cursor", "done")


class Painted(Widget):
    """A widget that draws itself line by line. Subclasses give `render_line`.

    Tones: `late` (what is overdue or refused), `quiet` (what explains), `strong`, `head` (headings),
    `accent`,
    `cursor` (the line the cursor is on), `done`. A tone never carries meaning alone: a word or a sign says
    it too.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paint--{tone}" for tone in TONES}
    DEFAULT_CSS = """
    Painted { height: 1; width: 1fr; }
    Painted > .paint--late { color: $error; text-style: bold; }
    Painted > .paint--quiet { text-style: dim; }
    Painted > .paint--strong { text-style: bold; }
    Painted > .paint--head { text-style: underline; }
    Painted > .paint--accent { color: $accent; text-style: bold; }
    Painted > .paint--cursor { text-style: bold; }
    Painted > .paint--done { color: $success; }
    """

    _styles_of_tones: dict[str, Style] | None = None

    def on_focus(self, event: events.Focus) -> None:
        """Take the focus without the repaint that Textual would do: nothing looks different."""
        self._focused(event, True)
        self.post_message_up(events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        """Lose the focus without a repaint."""
        self._focused(event, False)
        self.post_message_up(events.DescendantBlur(self))

    def _focused(self, event: events.Event, has: bool) -> None:
        event.prevent_default()
        self.has_focus = has

    def post_message_up(self, message: events.Event) -> None:
        """Tell the parent."""
        if self.parent is not None:
            self.parent.post_message(message)

    def notify_style_update(self) -> None:
        """Forget cached styles when the theme changes."""
        self._styles_of_tones = None
        super().notify_style_update()

    def paint(self, tone: str) -> Style:
        """The style of a tone, with as few attributes as it has."""
        if self._styles_of_tones is None:
            self._styles_of_tones = {"": Style.null()}
        if tone not in self._styles_of_tones:
            self._styles_of_tones[tone] = self.get_component_rich_style(f"paint--{tone}", partial=True)
        return self._styles_of_tones[tone]

    def strip_of(self, spans: Spans) -> Strip:
        """A strip of the widget's width: plain text, nothing in it is markup."""
        segments = [Segment(safe(text), self.paint(tone)) for text, tone in spans if text]
        return Strip(segments).crop_extend(0, self.size.width, self.paint(""))

    def refresh_lines(self, first: int, number: int = 1, width: int | None = None) -> None:
        """Repaint lines of the window only, counted from its top; `width` cells from the left edge."""
        self.refresh(Region(0, first, width or self.size.width, number))


def as_spans(line: "str | Spans", tone: str = "") -> Spans:
    """A line given as text or as spans, as spans."""
    return [(line, tone)] if isinstance(line, str) else line


class Panel(Painted):
    """A block of lines that do not scroll: header, footer, why, head of a page.

    Args:
        title: drawn into a thin rule above the lines, `─ why ───────`; no rule without one, a bare rule for
        " ".
        lines: the first lines.
    """

    def __init__(
        self, title: str = "", lines: "Sequence[str | Spans]" = (), *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.title, self._lines = title, [as_spans(line) for line in lines]

    @property
    def plain(self) -> list[str]:
        """The lines as text, for tests and for reading aloud."""
        return ["".join(text for text, _ in spans) for spans in self._lines]

    def set(self, lines: "Sequence[str | Spans]", title: str | None = None) -> None:
        """Show other lines; only those that differ are repainted."""
        new, old = [as_spans(line) for line in lines], self._lines
        self._lines = new
        above = 1 if self.title else 0
        if title is not None and title != self.title:
            self.title = title
            self.refresh()
            return
        for number in range(max(len(new), len(old))):
            before, now = old[number : number + 1], new[number : number + 1]
            if before != now:
                self.refresh_lines(number + above, width=max(_length(before), _length(now)) + 1)

    def render_line(self, y: int) -> Strip:
        """One line, cut at the window's width."""
        if self.title:
            if y == 0:
                return self.strip_of([(rule(self.title, self.size.width), "quiet")])
            y -= 1
        return self.strip_of(self._lines[y] if y < len(self._lines) else [])


def _length(lines: "Sequence[Spans]") -> int:
    """Cells up to the last sign of a line."""
    return max((cell_len("".join(text for text, _ in spans).rstrip()) for spans in lines), default=0)


def rule(title: str, width: int) -> str:
    """`─ why ─────`: a thin rule of `width` cells with a title in it; a blank title gives a bare rule."""
    words = f"─ {fit(title.strip(), width - 4)} " if title.strip() else ""
    return words + "─" * max(0, width - len(words))
