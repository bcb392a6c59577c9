"""People and roles: who can sign in, and what they may do."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen
from screens.text import Col
from screens.widgets.form import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import accounts
from workbench.domain.errors import InvalidError
from workbench.domain.people import ROLES

if TYPE_CHECKING:
    from workbench.domain.people import Person

COLS = (Col("User", 14), Col("Name", 20, grow=1), Col("Post", 24, grow=1), Col("Roles", 20))


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
        rows = [person_row(person) for person in accounts.people(self.desk)]
        self.query_one("#people", Lines).show(rows, empty="Nobody can sign in.")

    async def action_add(self) -> None:
        """Make an account."""
        fields = [
            Field(
                "user", "User name", required=True, limit=24, hint="What is typed and what stands in the log."
            ),
            Field("name", "Name", required=True, limit=200),
            Field("post", "Post", required=True, limit=200),
            Field("roles", "Roles", required=True, hint=", ".join(ROLES)),
            Field(
                "passphrase",
                "Passphrase",
                "secret",
                required=True,
                hint="Four plain words are better than signs.",
            ),
            Field("again", "Once more", "secret", required=True),
        ]
        answer = await self.fill("A new account", fields)
        if answer is None:
            return
        passphrase = answer.pop("passphrase")
        if passphrase != answer.pop("again"):
            raise InvalidError("The two passphrases differ.")
        person = accounts.add(self.desk, answer, passphrase)
        self.reload()
        self.say(f"{person.user} can sign in.")

    async def action_open(self) -> None:
        """Change the roles of the person under the cursor."""
        user = self.query_one("#people", Lines).current
        person = next((each for each in accounts.people(self.desk) if each.user == user), None)
        if person is None:
            return
        roles = await self.ask(
            f"Roles of {person.name}", "Roles", " ".join(person.roles), hint=", ".join(ROLES)
        )
        if roles is None or roles.split() == list(person.roles):
            return
        words = roles.replace(",", " ").split()
        if await self.confirm(f"{person.name}: {', '.join(words)}?", "It holds from their next sign-in."):
            accounts.set_roles(self.desk, person.user, words)
            self.reload()
            self.say(f"{person.user} is {', '.join(words)}.")


def person_row(person: "Person") -> Row:
    """A line of the list."""
    return Row(person.user, (person.user, person.name, person.post, ", ".join(person.roles)))
