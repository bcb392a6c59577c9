"""What can be done with a duty wherever it is listed: its next step, its reason in full, settling it."""

from typing import TYPE_CHECKING

from screens.duty_words import next_step, register_of
from screens.names import pupil_of
from workbench.desk import duties, roll

if TYPE_CHECKING:
    from screens.frame import WorkScreen


async def do_duty(screen: "WorkScreen", duty_id: str) -> None:
    """Open the next step of a duty: a small table from rule to place decides (`duty_words.NEXT_STEP`)."""
    duty = duties.find(screen.desk, duty_id)
    place, step = next_step(duty)
    pupil = duty.pupil or ""
    if place == "return":
        screen.go("return", duty=duty.id)
    elif place == "register":
        screen.go("grid", class_=register_of(duty)[0], on=duty.trigger)
    elif place == "step" and duty.case:
        screen.go("step", case=duty.case, step=step)
    elif place in ("case", "step"):
        from screens.cases import open_case

        await open_case(screen, pupil, duty.id)
    elif place == "marks":
        from screens.pupil_acts import show_marks

        await show_marks(screen, roll.find(screen.desk, pupil))
    elif place == "event":
        from screens.pupil_acts import record_event

        await record_event(screen, roll.find(screen.desk, pupil))
    elif place == "handover":
        from screens.handovers import chase

        await chase(screen, pupil)
    elif place == "referral":
        from screens.referral import refer_pupil

        await refer_pupil(screen, pupil, duty.case or "", duty.id, to="social-care")
    elif place == "removal":
        from screens.removals import start_removal

        await start_removal(screen, pupil, duty.case or "")
    elif place == "pupil":
        screen.go("pupil", pupil=pupil)
    elif place:
        screen.go(place)
    else:
        await tell_why(screen, duty_id)


async def tell_why(screen: "WorkScreen", duty_id: str) -> None:
    """Why a duty stands, in full."""
    duty = duties.find(screen.desk, duty_id)
    about = f", {pupil_of(screen.desk, duty.pupil)}" if duty.pupil else ""
    await screen.tell(f"{duty.action}{about}", duties.why(screen.desk, duty_id))


async def settle(screen: "WorkScreen", duty_id: str, override: bool = False) -> None:
    """Settle a duty by hand, or go on without a policy duty; both want a reason."""
    duty = duties.find(screen.desk, duty_id)
    if override and duty.standing not in ("policy", "local"):
        screen.say(
            f"This stands in {duty.standing}: only policy and local rules can be overridden.", late=True
        )
        return
    about = f" ({pupil_of(screen.desk, duty.pupil)})" if duty.pupil else ""
    title = f"{'Go on without' if override else 'Done'}: {duty.action}{about}"
    reason = await screen.ask(
        title, "Reason", text="It is written to the log in your name.", lines=3,
        hint="What was done, when and how." if not override else "Why the policy is not followed here.",
        draft=f"{'override' if override else 'done'} {duty_id}",
    )  # fmt: skip
    if reason is None:
        return
    if override:
        duties.override(screen.desk, duty_id, reason)
    else:
        duties.done(screen.desk, duty_id, reason)
    screen.reload()
    screen.say(f"{'Overridden' if override else 'Settled'}: {duty.action}")
