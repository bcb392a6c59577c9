"""What stands in open forms and nobody has saved: in memory, and a second after a pause in typing sealed on the disk.

Nothing ticks: a timer is started by typing and runs once. `write` may be called from any thread, since the watchdog
ends the process where the event loop stands still.
"""

import asyncio
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.desk import drafts

if TYPE_CHECKING:
    from workbench.desk.context import Desk

PAUSE = 0.8
"""Seconds without a key after which what was typed is written."""
LATEST = 5.0
"""Seconds after which it is written though somebody types on."""


class Key(NamedTuple):
    """Whose text it is, the name of its form, and whether they are signed in: at the lock a name is only picked."""

    user: str
    name: str
    proven: bool = True


class Drafting:
    """The unsaved texts of everybody at this terminal."""

    def __init__(self) -> None:
        self._texts: dict[Key, dict[str, str]] = {}
        self._files: dict[Key, str] = {}
        self._unwritten: dict[Key, Desk] = {}
        self._held = threading.RLock()
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._since = 0.0

    def text(self, user: str, name: str) -> dict[str, str]:
        """What somebody typed under a name: their own, else what was typed at the lock in their name."""
        return self._texts.get(Key(user, name)) or self._texts.get(Key(user, name, proven=False), {})

    def left(self, user: str) -> list[str]:
        """The names under which somebody typed what is not saved, each once."""
        with self._held:
            return sorted({key.name for key, values in self._texts.items() if key.user == user and values})

    def typed(self, desk: "Desk", key: Key, values: Mapping[str, str]) -> None:
        """Somebody types; `values` is what stands in the form, empty where it is as it was opened."""
        if self._set(desk, key, values):
            self._soon(PAUSE)

    def keep(self, desk: "Desk", key: Key, values: Mapping[str, str] | None) -> None:
        """The form is left, or its text is saved: then `values` is None. The disk follows once the caller is done, who
        may keep it anew because the desk refused it."""
        if self._set(desk, key, values or {}):
            self._soon(0)

    def _set(self, desk: "Desk", key: Key, values: Mapping[str, str]) -> bool:
        """Whether something is different from before."""
        with self._held:
            if self._texts.get(key, {}) == values:
                return key in self._unwritten
            self._texts.pop(key, None)
            if values:
                self._texts[key] = dict(values)
            self._unwritten[key] = desk
            return True

    def _soon(self, seconds: float) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.write()
            return
        if self._timer is None:
            self._since = loop.time()
        elif seconds and loop.time() - self._since >= LATEST - PAUSE:
            return
        else:
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self.write) if seconds else loop.call_soon(self.write)

    def write(self) -> None:
        """Bring the disk up to date now; what it refused is tried again with the next."""
        with self._held:
            self._timer = None
            todo, self._unwritten = self._unwritten, {}
            for key, desk in todo.items():
                values, own = self._texts.get(key), self._files.pop(key, "")
                if not values:
                    drafts.drop(desk, own)
                elif kept := drafts.keep(desk, key.user, key.name, values, own, proven=key.proven):
                    self._files[key] = kept
                elif own:
                    self._files[key], self._unwritten[key] = own, desk

    def load(self, desk: "Desk") -> None:
        """Somebody signed in: take back what they had typed, here or elsewhere. What is in memory still is newer."""
        with self._held:
            here = set(self._texts)
            for draft in sorted(drafts.offered(desk), key=lambda one: one.at):
                key = Key(desk.user(), draft.name)
                self._files[key] = draft.id
                if key not in here:
                    self._texts[key] = draft.values

    def forget(self, user: str) -> None:
        """Somebody locked: what of theirs is sealed on the disk leaves the memory; what could not be sealed stays, for
        them alone."""
        with self._held:
            self.write()
            for key in [key for key in self._files if key.user == user]:
                if self._unwritten.pop(key, None) is None:
                    self._texts.pop(key, None)
                del self._files[key]

    def is_sealed(self, key: Key) -> bool:
        """Whether it is on the disk as it stands."""
        return key in self._files and key not in self._unwritten
