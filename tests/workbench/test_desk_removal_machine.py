"""Whatever two people do in whatever order: no name leaves the roll before its gates and a second person."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import signer
from tests.workbench.story import absent
from workbench.desk import events, folders, logbook, removals, returns, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import WorkbenchError

TODAY = date(2026, 11, 23)
STEPS = (
    "start", "letter", "no-letter", "day", "late-day", "yes", "no", "sent", "order", "withdraw",
    "authorise", "override", "complete", "complete-early",
)  # fmt: skip


def act(desk: Desk, step: str, pupil: str) -> None:
    """One thing that somebody tries; most are refused most of the time."""
    if step == "start":
        removals.start(desk, pupil, "F")
        return
    if step == "order":
        events.record(desk, pupil, "school_attendance_order", {"state": "in-force"})
        return
    found = removals.removals(desk)
    own = found[0].removal.id if found else "R-000000"
    tries: dict[str, Callable[[], object]] = {
        "letter": lambda: removals.evidence(desk, own, "letter_says_home_education", "yes"),
        "no-letter": lambda: removals.evidence(desk, own, "letter_says_home_education", "no"),
        "day": lambda: removals.evidence(desk, own, "last_day_passed", "2026-11-20"),
        "late-day": lambda: removals.evidence(desk, own, "last_day_passed", "2026-12-11"),
        "yes": lambda: removals.confirm(desk, own, "P. Rowe", "T-1", "yes"),
        "no": lambda: removals.confirm(desk, own, "P. Rowe", "T-2", "no"),
        "sent": lambda: returns.sent(desk, (found[0].return_duty or "") if found else "", "secure form"),
        "withdraw": lambda: removals.withdraw(desk, own, "they stay"),
        "authorise": lambda: removals.authorise(desk, own),
        "override": lambda: removals.authorise(desk, own, ["la-confirmation"], "the law asks for it"),
        "complete": lambda: removals.complete(desk, own, TODAY),
        "complete-early": lambda: removals.complete(desk, own, date(2026, 11, 20)),
    }
    tries[step]()


WAY = [("dsl", step) for step in ("start", "letter", "day", "yes", "sent")]
WAY += [("leader", "authorise"), ("dsl", "complete")]
"""The straight way."""


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, str]]:
    """The straight way with steps left out and others put in between: some end with a deletion, most do not."""
    kept = [step for step in WAY if draw(st.integers(0, 9)) > 0]
    others = st.tuples(st.sampled_from(("dsl", "leader")), st.sampled_from(STEPS))
    for place, other in draw(st.lists(st.tuples(st.integers(0, len(WAY)), others), max_size=5)):
        kept.insert(place, other)
    return kept


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_no_order_of_acts_deletes_a_name_unlawfully(
    filled_folder: Path, tried: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copytree(filled_folder, Path(folder) / "data"))
        play(path, tried)


def play(path: Path, tried: list[tuple[str, str]]) -> bool:
    """Try it all, check what must hold, and say whether the name is off the roll."""
    desk = folders.open_folder(path, FixedClock("2026-11-23T09:12:33"))
    people = {user: signer(desk)(user) for user in ("dsl", "leader")}
    pupil = absent(people["dsl"]).pupil or ""
    for user, step in tried:
        with contextlib.suppress(WorkbenchError):
            act(people[user], step, pupil)
    check(people["dsl"], pupil)
    gone = roll.find(people["dsl"], pupil).left is not None
    desk.close()
    return gone


def check(desk: Desk, pupil: str) -> None:
    """What must hold whatever was tried."""
    every = removals.removals(desk)
    assert sum(seen.removal.state == "open" for seen in every) <= 1
    done = [seen.removal for seen in every if seen.removal.state == "completed"]
    child = roll.find(desk, pupil)
    assert (child.left is not None) == bool(done)
    assert logbook.verify(desk).whole
    for removal in done:
        assert child.left == removal.effective == TODAY
        assert removal.authorisation is not None
        assert removal.authorisation.by not in (removal.requested_by, "dsl")
        said = {e.key: e.value for e in removal.evidence}
        assert said == {"letter_says_home_education": "yes", "last_day_passed": "2026-11-20"}
        answered = bool(removal.confirmations) and removal.confirmations[-1].answer == "yes"
        assert answered or [o.gate for o in removal.overrides] == ["la-confirmation"]
        sent = [r for r in returns.returns(desk) if r.sent and r.duty.rule == "roll.deletion-return"]
        assert sent


def test_the_straight_way_does_delete_and_nothing_of_it_can_be_left_out(folder: Path, tmp_path: Path) -> None:
    for left_out in [*range(len(WAY)), None]:
        path = Path(shutil.copytree(folder, tmp_path / f"without-{left_out}"))
        steps = [step for place, step in enumerate(WAY) if place != left_out]
        assert play(path, steps) == (left_out is None)
