"""The reference of all commands, made from the commands themselves: `python -m screens.commands.reference`."""

from collections.abc import Iterator

import click

from screens.commands.root import FAMILIES, OPTIONS, SETTINGS, root

HEAD = """# Commands

Made from the commands themselves by `make papers`; a test compares. Results are on standard output, talk is on standard
error. PUPIL is an id or a UPN. A list is an array of objects with `--json`; every key of an
object is always there, `null` where it does not apply.
The published shape of a case file is [case.schema.json](case.schema.json).

## Options that may stand anywhere
"""

BEYOND = """
## Beyond the first contract

These verbs were added to it: `people passphrase`, `pupils around`, `pupils events`, `register mark`, `register marks`,
`register amendments`, `register codes`, `kinds`, `contact list`, `call-list`, `case note`, `case assign`, `case link`,
`referral escalate`, `calendar open`, `calendar add`.
"""


def walk(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below one, with its whole name and a context to ask it in."""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                below = click.Context(inner, parent=context, info_name=name)
                yield from walk(inner, below)
    else:
        yield context.command_path, command, context


def every() -> list[tuple[str, click.Command, click.Context]]:
    """Every command that can be called, with its whole name."""
    return list(walk(root, click.Context(root, info_name="workbench", terminal_width=100, **SETTINGS)))


def markdown() -> str:
    """The whole reference."""
    lines = [HEAD, "```", *OPTIONS.replace("\b\n", "").split("\n")[2:], "```", ""]
    for name, words in FAMILIES.items():
        lines += [f"## {name}", "", f"{words[1][:1].upper()}{words[1][1:]}.", ""]
        for path, command, context in every():
            if path.split()[1] == name:
                lines += [f"### {path}", "", "```", command.get_help(context), "```", ""]
    return "\n".join([*lines, BEYOND.strip(), ""])


if __name__ == "__main__":
    click.echo(markdown(), nl=False)
