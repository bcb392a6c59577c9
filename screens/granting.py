"""Cases and auditors: a grant given or taken back on a case's page, and the page as an auditor opens it."""

from typing import TYPE_CHECKING

from screens.widgets.lines import Row
from workbench.desk import accounts, cases, granting
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.domain.caseview import CaseView

NOBODY = "Nobody has the role auditor; People and roles gives it."


async def change_grant(screen: "WorkScreen", view: "CaseView") -> bool:
    """Ask which auditor may read a case from now on, or may not any more. Returns whether it changed."""
    granted = view.case.granted
    rows = [
        Row(
            p.user,
            (f"{p.name}, {p.post}", "reads it: take it back" if p.user in granted else "let them read it"),
        )
        for p in accounts.people(screen.desk)
        if "auditor" in p.roles or p.user in granted
    ]
    if not rows:
        screen.say(NOBODY, late=True)
        return False
    user = await screen.choose(f"Who of the auditors reads {view.case.id}", rows)
    if user is None:
        return False
    if user in granted:
        granting.withdraw(screen.desk, view.case.id, user)
        screen.say(f"{user} reads nothing any more that is written from now on.")
    else:
        granting.grant(screen.desk, view.case.id, user)
        screen.say(f"{user} may read this case.")
    return True


async def open_granted(screen: "WorkScreen") -> None:
    """Ask an auditor for the id of a case that was granted to them, and open it."""
    own = await screen.ask("A case that was granted to you", "Case", hint="C-...")
    if own is None:
        return
    try:
        cases.show(screen.desk, own.strip().upper(), again=True)
    except WorkbenchError as error:
        screen.say(f"{error.what} {error.todo}".rstrip(), late=True)
        return
    screen.go("case", case=own.strip().upper())
