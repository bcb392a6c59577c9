"""Who may do what: one table, default deny. The role is checked before anything is looked up.

A verb is a function of the desk whose first argument is the signed-in `Desk`. `@verb(name)` refuses it to
whoever holds none of the roles of its row, writes the refusal to the log, and turns errors of the store and
of the rules into ours. Under which conditions a verb then answers (whose concern, which duties, which fields) stands
in `conditions`; `docs/permissions.md` shows both.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from workbench.desk.conditions import WITHOUT_ROLES
from workbench.desk.conflicts import name_writer
from workbench.desk.context import Desk
from workbench.desk.translate import translated
from workbench.domain.errors import ConflictError, RefusedError, WorkbenchError
from workbench.domain.people import ROLES, Role

P = ParamSpec("P")
R = TypeVar("R")


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


EVERYBODY = _roles(*ROLES)
OFFICE = _roles("attendance", "dsl")
"""Those who keep the roll and the registers in order."""
TEACHING = _roles("staff", "attendance", "dsl")
READERS = _roles("attendance", "dsl", "leader")
"""`dsl` and `leader` read all that `attendance` reads."""
DSL = _roles("dsl")
HEADS = _roles("dsl", "leader")
OVERSIGHT = _roles("dsl", "leader", "auditor")
LEADER = _roles("leader")

PERMITS: dict[str, frozenset[Role]] = {
    # the roll; staff and auditors see names, classes and years only (`roll` blanks the rest)
    "pupils.list": EVERYBODY,
    "pupil.find": EVERYBODY,
    "card.show": _roles("staff", "attendance", "dsl", "leader"),
    "pupil.add": OFFICE,
    "pupil.edit": OFFICE,
    "pupils.import": OFFICE,
    "around.list": READERS,
    "around.add": OFFICE,
    "around.edit": OFFICE,
    "around.remove": OFFICE,
    # registers
    "register.show": EVERYBODY,
    "register.mark": TEACHING,
    "register.take": TEACHING,
    "register.amend": OFFICE,
    "register.import": OFFICE,
    "marks.list": READERS,
    # what happened, and who was called
    "event.kinds": EVERYBODY,
    "event.record": OFFICE,
    "event.list": READERS,
    "contact.add": OFFICE,
    "contact.list": READERS,
    "contact.call-list": READERS,
    # duties; staff see registers to take, attendance its own rules and a count of the rest
    "due.list": EVERYBODY,
    "duty.why": READERS | OVERSIGHT,
    "duty.done": _roles("attendance", "dsl", "leader"),
    "duty.override": LEADER,
    "figures.read": READERS | OVERSIGHT,
    "stats.read": OVERSIGHT,
    "return.list": READERS | OVERSIGHT,
    "return.draft": OFFICE,
    "return.sent": OFFICE,
    "transfer.write": READERS,
    # paper, and the clipboard of the machine at the other end
    "print.return": OFFICE,
    "print.letter": READERS,
    "print.daily": READERS,
    "print.certificate": READERS,
    "print.chronology": HEADS,
    "print.make": READERS,
    "clipboard.show": READERS | OVERSIGHT,
    "clipboard.set": HEADS,
    # the calendar, and what would follow; closing a day moves everybody's deadlines
    "calendar.show": EVERYBODY,
    "calendar.close": READERS,
    "calendar.add": READERS,
    "year.show": READERS,
    "year.roll": READERS,
    "whatif.show": READERS | OVERSIGHT,
    # cases
    "case.list": HEADS,
    "case.show": OVERSIGHT,
    "case.grant": HEADS,
    "case.withdraw-grant": HEADS,
    "case.keys": READERS,
    "case.open": DSL,
    "case.answer": DSL,
    "case.note": DSL,
    "case.assign": DSL,
    "case.close": DSL,
    "case.reopen": DSL,
    "case.link": DSL,
    "case.export": DSL,
    "handover.check": DSL,
    "handover.export": DSL,
    "handover.import": DSL,
    "handover.accept": DSL,
    "handover.receipt": DSL,
    "handover.list": HEADS,
    "handover.read": HEADS,
    "enquiry.add": OFFICE,
    "enquiry.list": READERS,
    "referral.add": DSL,
    "referral.reply": DSL,
    "referral.escalate": DSL,
    "referral.list": HEADS,
    "referral.show": HEADS,
    # removals
    "removal.start": HEADS,
    "removal.list": HEADS,
    "removal.show": HEADS,
    "removal.keys": HEADS,
    "removal.evidence": HEADS,
    "removal.confirm": HEADS,
    "removal.withdraw": HEADS,
    "removal.authorise": LEADER,
    "removal.complete": HEADS,
    # concerns: anybody writes one down; those it is not about read it
    "concern.report": EVERYBODY,
    "concern.list": HEADS,
    "concern.show": HEADS,
    "concern.triage": HEADS,
    "concern.unfinished": HEADS,
    "concern.look": HEADS,
    "concern.take-up": HEADS,
    # how long records are kept; to erase is the leader's, and never what is about them
    "retention.list": HEADS,
    "retention.hold": HEADS,
    "retention.release": HEADS,
    "retention.plan": LEADER,
    "retention.erase": LEADER,
    # the log, the folder and its people
    "log.show": OVERSIGHT,
    "log.verify": OVERSIGHT,
    "log.views": _roles("dsl", "auditor"),
    "check.run": READERS | OVERSIGHT,
    "check.rebuild": HEADS,
    "backup.make": HEADS,
    "backup.verify": HEADS,
    "backup.show": READERS | OVERSIGHT,
    "backup.restore": HEADS,
    "folder.upgrade": HEADS,
    "people.list": READERS | OVERSIGHT,
    "signin.failures": DSL,
    "people.passphrase": EVERYBODY,
    "people.add": HEADS,
    "people.role": HEADS,
    "people.remove": HEADS,
    "people.reset": HEADS,
    "people.rekey": READERS | OVERSIGHT,
    "people.notices": HEADS,
    "recovery.show": HEADS,
    "recovery.prove": HEADS,
    "recovery.new": HEADS,
}
"""Verb to the roles that may use it. A verb without a row cannot be written: `@verb` fails at import."""


def verb(name: str) -> Callable[[Callable[Concatenate[Desk, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Make a function a verb of the desk, open to the roles of `PERMITS[name]` only."""
    permitted = PERMITS[name]

    def wrap(function: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @wraps(function)
        def guarded(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
            acting = _acting(desk, name, permitted)
            try:
                with translated(), desk.acting_as(acting):
                    return function(desk, *args, **kwargs)
            except ConflictError as error:
                name_writer(desk, error)
                raise

        guarded.verb = name  # type: ignore[attr-defined]  # so that a test can find every verb
        return guarded

    return wrap


def may(desk: Desk, name: str) -> bool:
    """Whether the signed-in person may use the verb: for menus and footers, which only *show* what `verb`
    enforces."""
    if desk.who is None:
        return False
    if not desk.who.roles:
        return name in WITHOUT_ROLES
    return not desk.who.roles.isdisjoint(PERMITS.get(name, frozenset()))


def _acting(desk: Desk, name: str, permitted: frozenset[Role]) -> Role | None:
    """The role in which the person acts; None of an account without roles that does what such a one may.

    Raises:
        RefusedError: if they hold none that may; the refusal is in the log.
    """
    if desk.who is None:
        raise RefusedError("Nobody is signed in.", todo="Sign in first.")
    for role in ROLES:
        if role in permitted and role in desk.who.roles:
            return role
    if not desk.who.roles and name in WITHOUT_ROLES:
        return None
    _log_refusal(desk, name)
    needed = " or ".join(role for role in ROLES if role in permitted)
    raise RefusedError(
        f"{name} is for {needed}; {desk.who.user} is {desk.role_words()}.", todo="Ask one of them."
    )


def _log_refusal(desk: Desk, name: str) -> None:
    try:
        with translated():
            desk.note("verb.refused", why=name)
    except WorkbenchError:
        return  # a folder that cannot be written to refuses all the same
