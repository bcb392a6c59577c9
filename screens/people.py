"""People and roles: who can sign in, and what they may do."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys, people_keys
from screens.conflict import Version, Work, edit, settled, waiting
from screens.frame import WorkScreen
from screens.people_secret import new_fields, taken
from screens.text import Col
from screens.widgets.form import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import accounts
from workbench.domain.errors import WorkbenchError
from workbench.domain.people import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.domain.people import Person

HINT = f"{', '.join(ROLES)}; none: who left"
COLS = (
    Col("User", 14), Col("Name", 20, grow=1), Col("Post", 18, grow=1), Col("Roles", 16), Col("Keys", 4),
)  # fmt: skip


class PeopleScreen(WorkScreen):
    """The accounts; a place of the palette."""

    AREA = ""
    SECTION = "people"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("people")
    FOCUS = "#people"

    def headline(self) -> str:
        """What it is."""
        return "People and roles"

    def body(self) -> ComposeResult:
        """The list."""
        yield Lines(COLS, id="people")

    def load(self) -> None:
        """Read the accounts."""
        holders = accounts.key_holders(self.desk)
        rows = [person_row(person, person.user in holders) for person in accounts.people(self.desk)]
        self.query_one("#people", Lines).show(rows, empty="Nobody can sign in.")

    async def action_add(self) -> None:
        """Make an account; what is refused can be put right without typing all of it again."""
        fields = [
            Field(
                "user", "User name", required=True, limit=24, hint="What is typed and what stands in the log."
            ),
            Field("name", "Name", required=True, limit=200),
            Field("post", "Post", required=True, limit=200),
            Field("roles", "Roles", required=True, hint=", ".join(ROLES)),
            *new_fields("Passphrase or PIN"),
        ]
        text = "They choose their own at once: the palette has it."
        values: dict[str, str] = {}
        while (answer := await self.fill("A new account", fields, text, values)) is not None:
            try:
                passphrase = taken(answer)
                person = accounts.add(self.desk, answer, passphrase)
            except WorkbenchError as error:
                text, values = f"{error.what} {error.todo}".rstrip(), answer
                continue
            self.reload()
            self.say(f"{person.user} can sign in.")
            return

    async def action_prove(self) -> None:
        """Type the recovery key back."""
        await people_keys.prove_recovery(self)

    async def action_recovery(self) -> None:
        """Make a new recovery key."""
        await people_keys.new_recovery(self)

    async def action_rekey(self) -> None:
        """New keys of one's own."""
        await people_keys.rekey_own(self)

    async def action_reset(self) -> None:
        """A first passphrase for the person under the cursor."""
        if user := self.query_one("#people", Lines).current:
            await people_keys.reset(self, user)

    async def action_remove(self) -> None:
        """Take every role from the person under the cursor."""
        if user := self.query_one("#people", Lines).current:
            await people_keys.remove(self, user)

    async def action_open(self) -> None:
        """Change the roles of the person under the cursor."""
        user = self.query_one("#people", Lines).current
        person = next((each for each in accounts.people(self.desk) if each.user == user), None)
        if person is None:
            return
        work = _roles_work(self, person)
        if waiting(self, work):
            await edit(self, work)
            self.reload()
            return
        roles = await self.ask(f"Roles of {person.name}", "Roles", " ".join(person.roles), hint=HINT)
        if roles is None or roles.split() == list(person.roles):
            return
        words = roles.replace(",", " ").split()
        if await self.confirm(f"{person.name}: {', '.join(words)}?", "It holds from their next sign-in."):
            await settled(self, work, _roles_version(person), {"roles": " ".join(words)})
            self.reload()


def _roles_version(person: "Person") -> Version:
    """An account's roles as a form."""
    return Version(
        person.rev, (Field("roles", "Roles", value=" ".join(person.roles), required=True, hint=HINT),)
    )


def _roles_work(screen: WorkScreen, person: "Person") -> Work:
    """Changing somebody's roles."""

    def read() -> Version:
        return _roles_version(next(p for p in accounts.people(screen.desk) if p.user == person.user))

    def write(changed: dict[str, str], rev: int, over: bool) -> "Person":
        words = changed["roles"].replace(",", " ").split()
        return accounts.set_roles(screen.desk, person.user, words, rev=rev, over=over)

    def said(changed: "Mapping[str, str]") -> str:
        return f"{person.user} is {', '.join(changed['roles'].replace(',', ' ').split())}."

    return Work(f"Roles of {person.name}", read, write, f"roles {person.user}", said=said)


def person_row(person: "Person", has_keys: bool) -> Row:
    """A line of the list."""
    keys_ = "yes" if has_keys else "no"
    return Row(person.user, (person.user, person.name, person.post, ", ".join(person.roles), keys_))
