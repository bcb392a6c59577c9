"""The school made into what the rules read. No verbs here."""

from typing import Any

import msgspec

from rules.facts import Moment, SchoolFacts, SchoolFile, Settled
from workbench.desk.clock import day_of
from workbench.desk.context import Desk
from workbench.desk.hiding import secrets
from workbench.desk.recovery import Recovery
from workbench.desk.sealing import RECOVERY
from workbench.domain.returns import SettledDuty
from workbench.domain.school import School


def school_facts(school: School) -> SchoolFacts:
    """The school as the rules see it; the authority's wishes are its own data."""
    la = school.authority
    return SchoolFacts(
        name=school.name,
        kind=school.kind,  # type: ignore[arg-type]
        stands_in=school.stands_in,
        maintained_by=school.maintained_by,
        years=school.years,
        return_rhythm=la.return_rhythm,  # type: ignore[arg-type]
        asks_leavers=la.asks_leavers,
        asks_starters=la.asks_starters,
        policy=school.policy is not None,
        policy_review=school.policy_review,
        day_limits=la.day_limits,
        register_opens=school.registers_open,
        register_minutes=school.registers_open_minutes,
    )


def _key_facts(desk: Desk, school: School) -> dict[str, Any]:
    """Who can open what is sealed; nothing of it in a folder of a format that seals nothing."""
    recovery = desk.record(*RECOVERY, Recovery)
    if recovery is None:
        return {}
    people = desk.docs("people", "people").values()
    return {
        "keys_since": school.registers_since,
        "key_holders": sum(bool(doc.get("seals")) and "dsl" in doc["roles"] for doc in people),
        "recovery_made": day_of(recovery.made),
        "recovery_proven": day_of(recovery.proven) if recovery.proven else None,
    }


def school_file(desk: Desk, moment: Moment) -> SchoolFile:
    """What is the same for all pupils; the same object while nothing of it has changed."""
    school, hides = desk.school(), secrets(desk)
    settled = {
        d.duty: Settled(duty=d.duty, state=d.state, on=day_of(d.at), by=d.by, reason=d.reason)
        for d in desk.records("cases", "settled", SettledDuty)
        if day_of(d.at) <= moment.on and d.case not in hides
    }
    facts = msgspec.structs.replace(school_facts(school), **_key_facts(desk, school))
    made = SchoolFile(school=facts, settled=settled, commenced=desk.rules_to_write.commenced)
    kept = desk.cache.get("school-file")
    if kept is not None and kept == made:
        found: SchoolFile = kept
        return found
    desk.cache["school-file"] = made
    return made
