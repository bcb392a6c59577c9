"""Cases that an auditor may read: granted one by one, and taken back."""

import msgspec

from workbench.desk.casefacts import case_of
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.desk.sharing import align, renew, vouched
from workbench.domain.cases import Case
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError
from workbench.domain.people import Person


def granted_case(desk: Desk, case_id: str) -> Case:
    """A case that the person signed in may read: a DSL or leader whom it is not about, an auditor by grant.

    Raises:
        NotFoundError: there is none, it is about them, or it was not granted: none of these is told from another.
    """
    case = case_of(desk, case_id)
    if desk.who is not None and not desk.who.has("dsl", "leader") and desk.user() not in case.granted:
        raise NotFoundError(
            f"There is no case {harmless(case_id)}.",
            todo="A DSL or leader grants a case: `workbench case grant`.",
        )
    return case


@verb("case.grant")
def grant(desk: Desk, case_id: str, user: str) -> Case:
    """Let an auditor read one case; the entry is `case.granted`, its `why` the auditor.

    Raises:
        NotFoundError: there is no such case.
        InvalidError: the person is no auditor, holds no keys yet, has it granted, or the case is about them.
    """
    case = case_of(desk, case_id)
    found = desk.record("people", "people", user, Person)
    if found is None or "auditor" not in found.roles or found.user in case.about:
        raise InvalidError(f"{harmless(user)} is no auditor to whom {case.id} can be granted.")
    if case.seals and found.seals is None:
        raise InvalidError(f"{found.user} holds no keys yet.", todo="They get some at their next sign-in.")
    if user in case.granted:
        raise InvalidError(f"{case.id} is granted to {user} already.")
    return _save(desk, case, (*case.granted, user), "case.granted", user)


@verb("case.withdraw-grant")
def withdraw(desk: Desk, case_id: str, user: str) -> Case:
    """Take a grant back; the case gets a new key, so that the auditor reads nothing that is written from now on.

    Raises:
        NotFoundError: there is no such case.
        InvalidError: it is not granted to them.
    """
    case = case_of(desk, case_id)
    if user not in case.granted:
        raise InvalidError(f"{case.id} is not granted to {harmless(user)}.")
    left = tuple(each for each in case.granted if each != user)
    return _save(desk, case, left, "case.grant-withdrawn", user)


def _save(desk: Desk, case: Case, granted: tuple[str, ...], act: str, user: str) -> Case:
    with desk.change(act, subject=case.id, why=user) as tx:
        stored = msgspec.convert(tx.get("cases", "cases", case.id), Case)
        changed = vouched(desk, tx, stored, granted=granted)
        saved = desk.save(tx, "cases", "cases", changed, rev=case.rev)
        if act == "case.grant-withdrawn":
            renew(desk, tx, lambda each: each.id == case.id)
        align(desk, tx)
    return saved
