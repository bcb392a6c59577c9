"""Whether printed text may go to the clipboard of the machine at the other end of the line: the school says so."""

from msgspec import Struct
from msgspec.structs import replace

from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.errors import InvalidError

KEY = "clipboard"
MOST = 74_000
"""Characters' bytes that are copied at once: terminals take about 100,000 after base64."""


class Setting(Struct, frozen=True, kw_only=True):
    """What the school says of the clipboard; refused until somebody allows it."""

    allowed: bool = False
    at: str = ""
    """When it was set last; empty if never."""
    by: str = ""


def is_allowed(desk: Desk) -> bool:
    """Whether the school allows it."""
    return _setting(desk).allowed


@verb("clipboard.show")
def show(desk: Desk) -> Setting:
    """What the school says, since when, and who said so."""
    return _setting(desk)


@verb("clipboard.set")
def put(desk: Desk, allowed: bool) -> Setting:
    """Allow the clipboard or refuse it, from now on.

    Raises:
        InvalidError: if it stands so already.
    """
    words = "allowed" if allowed else "refused"
    if _setting(desk).allowed == allowed:
        raise InvalidError(f"The clipboard is {words} already.")
    made = Setting(allowed=allowed, at=desk.stamp(), by=desk.user())
    with desk.change(f"clipboard.{words}", subject="school") as tx:
        school = desk.school()
        kept = {"allowed": made.allowed, "at": made.at, "by": made.by}
        desk.save(
            tx, "school", "school", replace(school, settings={**school.settings, KEY: kept}), school.rev
        )
    return made


def _setting(desk: Desk) -> Setting:
    kept = desk.school().settings.get(KEY)
    return Setting(**kept) if kept else Setting()
