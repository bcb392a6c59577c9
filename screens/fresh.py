"""A screen that shows what others changed: at the next key, or when the terminal gets the focus. Nothing ticks."""

from typing import TYPE_CHECKING, Any

from textual import on

from screens.asking import AskingScreen
from screens.widgets.lines import Lines
from workbench.desk.news import stands_at

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.domain.errors import WorkbenchError


class FreshScreen(AskingScreen):
    """A screen that looks whether the folder moved on, and is read anew where it did.

    What was shown before a key is what that key acts on: a screen is never read anew between a key and what it does,
    so that nobody writes over something they have not seen.

    Args:
        desk: the desk of the person signed in.
    """

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.stood: Any = None
        """Where the folder stood when the screen was read; None before that."""
        self.acting = 0
        """How many keys are being acted on."""

    def reload(self) -> None:
        """Read the desk anew and show it."""

    def show_error(self, error: "WorkbenchError") -> None:
        """Show what happened, what was kept and what to do."""

    def caught_up(self) -> None:
        """Remember where the folder stands: what is shown next is of this moment, or newer."""
        self.stood = stands_at(self.desk)

    @property
    def behind(self) -> bool:
        """Whether something was changed since the screen was read. A stat if nothing was."""
        return self.stood is not None and stands_at(self.desk) != self.stood

    def look(self) -> None:
        """Read the screen anew if others changed something; nothing is painted otherwise, or while it asks."""
        if self.is_current and not self.dialogs and not self.acting and self.behind:
            self.reload()

    @on(Lines.Moved)
    def _cursor_moved(self) -> None:
        """The cursor of a list was moved: by then what the key before it did is done."""
        self.look()
