"""Options and types that several commands share."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from workbench.domain.plain import UnreadableError, read_date


class Day(click.ParamType[date]):
    """A civil day: `2026-11-23` or another way people write one."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a message on what would be right."""
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value))
        except UnreadableError as error:
            self.fail(str(error), param, ctx)


DAY = Day()


def on(help_: str = "as at the end of this day") -> Callable[[Any], Any]:
    """`--on DATE`."""
    return click.option("--on", type=DAY, default=None, metavar="DATE", help=help_)


def text(name: str, help_: str, required: bool = False, default: str = "") -> Callable[[Any], Any]:
    """`--name TEXT`. One that is required has no default at all: an explicit None would count as given."""
    if required:
        return click.option(name, required=True, metavar="TEXT", help=help_)
    return click.option(name, default=default, metavar="TEXT", help=help_)


def rev() -> Callable[[Any], Any]:
    """`--rev N`: refuse if somebody changed the record since, and show both versions."""
    return click.option(
        "--rev",
        type=int,
        default=None,
        metavar="N",
        help="the revision you saw: if a newer one stands, both are shown and nothing is written; "
        "without it, what stands is written over",
    )
