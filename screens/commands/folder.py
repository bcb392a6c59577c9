"""Making folders: a school's own, and the demo."""

import os
import sys
from datetime import date
from pathlib import Path

import click

from screens import plain
from screens.cli import say
from screens.commands.options import on
from screens.commands.session import VARIABLE, Session, current, input_text
from workbench.desk import folders
from workbench.desk.recovery import KEEP_KEY, LENGTH, as_text
from workbench.domain.errors import FolderError, InvalidError
from workbench.domain.schoolfile import SchoolToml, read

DEMO = "cme-workbench-demo"


@click.command("init")
@click.option(
    "--school", required=True, metavar="FILE.toml", help="the school's file: calendar, authority, people"
)
def init_(school: str) -> None:
    """A new folder: school, calendar, authority and accounts; its recovery key is shown this once."""
    session = current()
    text = input_text(school)
    name = school.rpartition("/")[2]
    parsed = read(text, name)
    people = parsed.people
    users = [person.user for person in people]
    secrets = _secrets(session, parsed)
    key = os.urandom(LENGTH)
    desk = folders.init(
        session.path, text, secrets, session.world.clock, kdf=session.world.kdf, name=name, recovery=key
    )
    desk.close(snapshot=True)
    say(f"Recovery key: {as_text(key)}")
    say(KEEP_KEY)
    if sum("dsl" in person.roles for person in people) < 2:
        say("To do: give a second person the role `dsl`, so that somebody can always act.")
    value = {
        "id": str(session.path),
        "folder": str(session.path),
        "school": desk.school().name,
        "people": users,
        "recovery": as_text(key),
    }
    session.show(value, lambda: [f"Made: {session.path}", f"Accounts: {', '.join(users)}"])


def _secrets(session: Session, parsed: SchoolToml) -> dict[str, str]:
    """A passphrase for each person: the one that was given, else each is asked for until it is a good one."""
    users = [person.user for person in parsed.people]
    given = session.given.passphrase_fd is not None or VARIABLE in os.environ
    if given or not sys.stdin.isatty():
        return dict.fromkeys(users, session.passphrase())
    return {user: _chosen(parsed, user) for user in users}


def _chosen(parsed: SchoolToml, user: str) -> str:
    while True:
        secret: str = click.prompt(
            f"Passphrase of {user}", hide_input=True, confirmation_prompt=True, err=True
        )
        try:
            folders.check_secrets(parsed, {user: secret})
        except InvalidError as error:
            say(str(error))
            continue
        return secret


@click.command("demo")
@click.option("--pupils", type=int, default=96, metavar="N", help="how many are on roll (10 to 5,000)")
@click.option("--seed", type=int, default=1, metavar="S", help="same seed and date, same school")
@on("play the story up to the end of this day")
@click.option("--no-open", is_flag=True, help="make it, say how to sign in, and stop")
def demo_(pupils: int, seed: int, on: date | None, no_open: bool) -> int:
    """An invented school with live cases; says how to sign in, and opens it."""
    session = current()
    named = session.given.data or os.environ.get(folders.VARIABLE)
    path = session.path if named else folders.default_path().with_name(DEMO)
    made = _make(session, path, pupils, seed, on)
    users, passphrase = _accounts()
    key = _recovery_key(seed) if made else None
    value = {
        "id": str(path),
        "folder": str(path),
        "made": made,
        "accounts": users,
        "passphrase": passphrase,
        "recovery": key,
    }
    session.show(
        value, lambda: [*_words(path, made, users, passphrase), *([f"Recovery key: {key}"] if key else [])]
    )
    if no_open or session.given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return 0
    from screens.opening import open_app

    return open_app(session.given.at(data=str(path)), session.world)


def _make(session: Session, path: Path, pupils: int, seed: int, on: date | None) -> bool:
    """Build the demo; False if a demo stands there already, which is then used as it is."""
    from workbench.desk.demo.build import build, is_demo

    if path.exists() and any(path.iterdir()):
        if is_demo(path):
            return False
        raise FolderError(f"{path} is not empty and is no demo.", todo="Say another folder with --data.")
    say("The story of an invented school is played; this takes a moment ...")
    build(path, pupils=pupils, seed=seed, on=on, clock=session.world.clock, kdf=session.world.kdf).close(
        snapshot=True
    )
    return True


def _accounts() -> tuple[list[str], str]:
    """The users of a demo, and the passphrase of all of them."""
    from workbench.desk.demo.school import PASSPHRASE, PEOPLE

    return [user for user, *_ in PEOPLE], PASSPHRASE


def _recovery_key(seed: int) -> str:
    """The recovery key of a demo that was made with a seed."""
    from workbench.desk.demo.build import recovery_key

    return as_text(recovery_key(seed))


def _words(path: Path, made: bool, users: list[str], passphrase: str) -> list[str]:
    first = "An invented school is ready" if made else "The demo that was made before is used"
    return [
        f"{first}: {plain.safe(str(path))}",
        f"Sign in as one of: {' '.join(users)}",
        f"Passphrase of all of them: {passphrase}",
        f"By command: workbench --data {plain.safe(str(path))} --user dsl due",
    ]
