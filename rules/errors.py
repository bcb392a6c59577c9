"""What can go wrong when rules are read or asked. The desk translates these into its own errors."""

from datetime import date


class RulesError(Exception):
    """Base of everything that the rules raise; its text is fit for a reader."""


class PackError(RulesError):
    """A pack of rules that cannot be read: names the file and what is wrong in it."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason


class LoosenedError(PackError):
    """A pack of a later layer that asks less than an earlier one, which is refused."""


class NoValueInForce(RulesError):  # noqa: N818 - the name is what a reader of a trace-back should see
    """No value of a rule is in force on a day: a gap in the rules, never an answer."""

    def __init__(self, rule: str, what: str, on: date) -> None:
        of = "" if what == "value" else f" of `{what}`"
        super().__init__(f"{rule}: no value{of} is in force on {on.isoformat()}.")
        self.rule, self.what, self.on = rule, what, on


class NotInRuleSet(RulesError):  # noqa: N818 - as above
    """Something that the law knows and these rules do not (yet), such as a ground without its conditions."""


class OutsideCalendar(RulesError):  # noqa: N818 - as above
    """A day that had to be counted lies where the calendar has no terms."""

    def __init__(self, rule: str, on: date, first: date, last: date) -> None:
        super().__init__(
            f"{rule or 'calendar'}: the day to count from {on.isoformat()} lies outside the calendar, "
            f"which reaches from {first.isoformat()} to {last.isoformat()}."
        )
        self.rule, self.on = rule, on


class CalendarError(RulesError):
    """Terms that make no calendar: none at all, ends before beginnings, or terms that overlap."""


class ExampleError(RulesError):
    """An example file that cannot be read: names file, example and key."""

    def __init__(self, file: str, example: str, reason: str) -> None:
        super().__init__(f"{file}: example {example}: {reason}" if example else f"{file}: {reason}")
        self.file, self.example, self.reason = file, example, reason
