"""Until when a leaver's records are kept, asked before that day has come: the dates are those of the rule itself."""

from rules.days import Calendar
from rules.engine import asking, trigger_of
from rules.facts import Moment, PupilFacts, SchoolFile
from rules.packs import RuleSet
from rules.triggers import TRIGGERS
from rules.triggers.reviews import Kept, RetentionParams, kept_until

__all__ = ["Kept", "is_review", "kept"]

_WORD = "retention"


def kept(
    rules: RuleSet, calendar: Calendar, file: SchoolFile, pupil: PupilFacts, moment: Moment
) -> Kept | None:
    """How long a leaver's records are kept by the rule that keeps them longest; None of one who has not left.

    Args:
        rules: the rules, those of the folder's own packs with them.
        calendar: the school days that `pupil.marks` are aligned to.
        file: what is the same for all pupils.
        pupil: the facts.
        moment: when the question is asked.

    Raises:
        NoValueInForce: if a rule that applies has no version in force.
    """
    ask = asking(rules, calendar, file, moment)
    csa = ask.age(pupil.born).holds(ask.on)
    found = [
        answer
        for rule_id in rules.rule_ids
        if is_review(rules, rule_id)
        and (active := ask.active(rule_id, csa, RetentionParams)) is not None
        and (answer := kept_until(ask, active, pupil)) is not None
    ]
    return max(found, key=lambda answer: answer.until, default=None)


def is_review(rules: RuleSet, rule_id: str) -> bool:
    """Whether a rule is one that ends the keeping of records: `retention.review`, or one of a folder's own."""
    return rule_id in rules.rule_ids and trigger_of(rules, rule_id) is TRIGGERS[_WORD]
