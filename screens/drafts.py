"""What was typed is kept until the desk has it: a refusal brings the form back as it was."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.frame import WorkScreen


@contextmanager
def kept(screen: "WorkScreen", name: str, answer: Mapping[str, str]) -> Iterator[None]:
    """Within it the desk is asked to write; if it refuses, the next `fill` with this draft shows the answer again.

    Args:
        screen: where it was typed.
        name: the draft's name, as given to `fill`.
        answer: what was typed.
    """
    screen.shell.keep_draft(name, dict(answer))
    yield
    screen.shell.keep_draft(name, None)
