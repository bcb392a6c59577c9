"""Keys for tests of what is sealed: whoever is signed in holds them, and others can seal to them."""

import os
from pathlib import Path

from tests.conftest import DeskFor
from workbench.desk.context import Desk
from workbench.desk.keyring import Keyring

CANARY = "Heronbrook saw the bruise"
"""Words that stand in no file, whatever they are typed into."""


class Keyed:
    """Signs people in with keys of their own; made anew they would open nothing that was sealed before.

    Args:
        desk_for: signs in without keys, or with those of the folder, which then count.
        users: who holds keys.
    """

    def __init__(self, desk_for: DeskFor, *users: str) -> None:
        self.desk_for = desk_for
        self.rings: dict[str, Keyring] = {}
        for user in users:
            desk = desk_for(user)
            if desk.keys is None:
                self.rings[user] = Keyring(user, os.urandom(32), os.urandom(32))
                self._publish(desk, user)

    def _publish(self, desk: Desk, user: str) -> None:
        doc = {**(desk.get("people", "people", user) or {}), "seals": self.rings[user].seal_public.hex()}
        with desk.change("person.passphrase-set", subject=user) as tx:
            tx.put("people", "people", doc)

    def __call__(self, user: str) -> Desk:
        desk = self.desk_for(user)
        if user in self.rings:
            desk.keys = self.rings[user]
        return desk


def found_in(folder: Path, words: str) -> list[str]:
    """The files of a folder in which the words stand, in whatever case or encoding a person would look for."""
    wanted = [words.encode(), words.encode("utf-16-le"), words.encode().hex().encode()]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in wanted)
    ]


def drafts_in(folder: Path) -> list[str]:
    """The names of what is kept."""
    return sorted(path.name for path in (folder / "drafts").glob("*"))
