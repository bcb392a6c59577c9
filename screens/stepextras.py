"""What stands in a step beside its questions: enquiries, referrals, the removal, what closing needs. Pure."""

from collections.abc import Sequence
from datetime import date

from screens.referrals import overdue, state_of, waits
from screens.text import Col, join, layout, stamp_words
from screens.widgets.lines import Row
from workbench.desk.cases import CaseView
from workbench.domain.cases import Enquiry, Referral

BY = {"school": "school", "la": "LA", "joint": "both"}


def extra_rows(
    view: CaseView, step: str, names: dict[str, str], recipients: dict[str, str], today: date, width: int
) -> list[Row]:
    """The rows of a step that are no questions; see `steps` for their keys.

    Args:
        view: the case.
        step: the step's key.
        names: user to name.
        recipients: recipient of referrals to words.
        today: the civil day.
        width: cells of a row's text.
    """
    if step == "enquiries":
        return enquiry_rows(view, names, width)
    if step in ("danger", "referral"):
        return referral_rows(view.referrals, recipients, today, width)
    if step == "removal":
        return removal_rows(view)
    return closing_rows(view, width) if step == "close" else []


def enquiry_rows(view: CaseView, names: dict[str, str], width: int) -> list[Row]:
    """The joint checklist: done with its result, not done with its reason, or open."""
    newest = {each.step: each for each in view.enquiries}
    columns = (Col("", width * 3 // 5), Col("", 6), Col("", 8, grow=1))
    rows = []
    for step in view.enquiry_steps:
        cells = (step.title, BY[step.by], _enquiry(newest.get(step.key), names))
        rows.append(Row(f"e:{step.key}", (layout(cells, columns, width),), _sign(newest.get(step.key))))
    return rows


def _sign(each: Enquiry | None) -> str:
    return "○" if each is None else "●" if each.done else "–"


def _enquiry(each: Enquiry | None, names: dict[str, str]) -> str:
    if each is None:
        return "open"
    done = "" if each.done else "not done: "
    return f"{done}{each.result} · {stamp_words(each.at)} {names.get(each.by, each.by)}"


def referral_rows(
    referrals: Sequence[Referral], recipients: dict[str, str], today: date, width: int
) -> list[Row]:
    """What was decided, and a line to record another decision."""
    columns = (Col("", width * 2 // 5), Col("", 10, grow=1))
    rows = [Row("", ("",))]
    for each in referrals:
        late = overdue(each, today)
        words = join([stamp_words(each.at), state_of(each, today)])
        mark = "!" if late else "○" if waits(each) else "●"
        cells = (f"{recipients.get(each.to, each.to)} {each.id}", words)
        rows.append(Row(f"f:{each.id}", (layout(cells, columns, width),), mark, "late" if late else ""))
    rows.append(Row("f:", ("Record a referral, or the decision not to refer ...",), "+"))
    return rows


def removal_rows(view: CaseView) -> list[Row]:
    """The removal that runs, or a line to start one."""
    if view.removal is None:
        return [Row("", ("",)), Row("m:", ("Start a removal: the ground is asked ...",), "+")]
    removal = view.removal
    return [
        Row("", ("",)),
        Row("m:", (f"Removal {removal.id}", f"ground {removal.ground} · {removal.state}"), "◐"),
    ]


def closing_rows(view: CaseView, width: int) -> list[Row]:
    """What must be true to close, and a line to close."""
    columns = (Col("", width * 4 // 5), Col("", 8))
    rows = [Row("", ("",))]
    for each in view.closing:
        cells = (layout((each.text, "" if each.met else "not yet"), columns, width),)
        rows.append(Row("", cells, "●" if each.met else "○"))
    words = "Close the case ..." if view.case.is_open else "Open the case again ..."
    return [*rows, Row("x:", (words,), "+")]
