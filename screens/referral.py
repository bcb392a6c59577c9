"""One referral: what was decided and why, the answers, escalation; and the form that records one."""

from datetime import date
from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.drafts import kept
from screens.frame import WorkScreen
from screens.names import people_names, pupil_of
from screens.referrals import state_of
from screens.text import day_words, stamp_words, wrap
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import referrals
from workbench.domain.cases import Referral
from workbench.domain.caseview import CaseView

DANGER = ("immediate", "risk")
CONSENT = (("given", "given"), ("not-sought", "not sought, and why"), ("refused", "refused"))
DECISIONS = (("refer", "refer"), ("not-referred", "not referred, and why"))


class ReferralScreen(WorkScreen):
    """A referral's page. Made with `referral`, its id."""

    AREA = "cases"
    SECTION = "referral"
    BINDINGS = keys.bindings("referral")
    FOCUS = "#referral"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.referral: str = args["referral"]
        self.found: Referral = referrals.show(desk, self.referral)

    def headline(self) -> str:
        """The referral and the child."""
        return f"Referral {self.referral} · {pupil_of(self.desk, self.found.pupil)}"

    def body(self) -> ComposeResult:
        """Everything that is known of it."""
        yield Lines(id="referral")

    def load(self) -> None:
        """Read it."""
        self.found = referrals.show(self.desk, self.referral, again=True)
        width = max(20, self.app.size.width - 6)
        names = people_names(self.desk)
        rows = []
        for label, text in facts_of(self.found, names, dict(referrals.recipients(self.desk))):
            lines = wrap(text, width - 16)
            rows += [Row("", (f"{label if n == 0 else '':<14}  {line}",)) for n, line in enumerate(lines)]
        self.query_one("#referral", Lines).show(rows)
        self.say(state_of(self.found, self.desk.today()))

    async def action_reply(self) -> None:
        """Write down what the recipient answered."""
        fields = [
            Field("by", "Who answered", required=True, limit=120),
            Field("text", "What they said", "note", required=True, lines=4),
            Field("outcome", "What follows", hint="For example: assessment, no further action.", limit=120),
        ]
        answer = await self.fill("The answer to this referral", fields)
        if answer is None:
            return
        referrals.reply(self.desk, self.referral, answer["text"], outcome=answer["outcome"], by=answer["by"])
        self.shell.recount()
        self.reload()

    async def action_escalate(self) -> None:
        """Escalate."""
        text = await self.ask("Escalate this referral", "To whom, and why", lines=3)
        if text is not None:
            referrals.escalate(self.desk, self.referral, text)
            self.reload()

    def action_case(self) -> None:
        """Open its case."""
        self.go("case", case=self.found.case)


def facts_of(each: Referral, names: dict[str, str], recipients: dict[str, str]) -> list[tuple[str, str]]:
    """Label and text of everything that is recorded."""
    consent = f"{each.consent}{': ' + each.consent_why if each.consent_why else ''}"
    facts = [
        ("Decision", "refer" if each.decision == "refer" else "not referred"),
        ("To", recipients.get(each.to, each.to)),
        ("Reason", each.reason),
        ("Threshold", each.threshold or "no level recorded"),
        ("Reference", each.reference or "none"),
        ("Consent", consent or "not recorded"),
        ("Follow up", day_words(each.follow_up) if each.follow_up else "as the rules say"),
        ("Recorded", f"{stamp_words(each.recorded)} by {names.get(each.by, each.by)}"),
        ("Escalated", each.escalated or "no"),
    ]
    for reply in each.replies:
        outcome = f" → {reply.outcome}" if reply.outcome else ""
        facts.append(("Answer", f"{stamp_words(reply.at)} {reply.by}: {reply.text}{outcome}"))
    return facts


def first_recipient(view: CaseView) -> str:
    """Whom a referral of this case goes to first: social care while a yes to danger stands without it."""
    answer = view.answers.get("danger.level")
    referred = any(each.to == "social-care" and each.decision == "refer" for each in view.referrals)
    return "social-care" if answer is not None and answer.value in DANGER and not referred else ""


async def refer(screen: WorkScreen, case: str, to: str = "") -> bool:
    """Ask for a referral, or the decision not to refer, and record it. Returns whether it was recorded.

    Args:
        screen: where it was asked for.
        case: the case's id.
        to: the recipient that is offered first.
    """
    recipients, levels = referrals.recipients(screen.desk), referrals.levels(screen.desk)
    fields = [
        Field("decision", "Decision", "choice", "refer", DECISIONS, required=True, lines=1),
        Field("to", "To", "choice", to, recipients, required=True, lines=1),
        Field("reason", "Reason", "note", required=True, lines=3, hint="Also for the decision not to refer."),
        Field("threshold", "Threshold level", "choice", choices=levels, lines=1),
        Field("reference", "Reference", hint="What the recipient calls it, if they said.", limit=80),
        Field("consent", "Consent", "choice", choices=CONSENT, lines=1),
        Field("consent_why", "Why without", hint="Why it was not sought, or what was refused.", limit=200),
        Field("follow_up", "Follow up on", "date", hint="Empty: as the rules say."),
    ]
    title = f"Referral in {case}: in danger, do not wait for other steps"
    answer = await screen.fill(title, fields, draft=f"referral {case}")
    if answer is None:
        return False
    with kept(screen, f"referral {case}", answer):
        values = {name: text for name, text in answer.items() if name != "follow_up"}
        follow_up = date.fromisoformat(answer["follow_up"]) if answer["follow_up"] else None
        referrals.add(screen.desk, case, **values, follow_up=follow_up)
    screen.shell.recount()
    screen.say("The decision is recorded.")
    return True


async def refer_pupil(screen: WorkScreen, pupil: str, case: str = "", duty: str = "", to: str = "") -> None:
    """Record a referral for a pupil in their case; where there is none, one is opened first.

    Args:
        screen: where it was asked for.
        pupil: id.
        case: the case, where it is known.
        duty: the duty that asks for the referral.
        to: the recipient that is offered where the case itself asks for none.
    """
    from screens.cases import ensure_case
    from workbench.desk import cases

    case = case or await ensure_case(screen, pupil, duty) or ""
    if not case:
        return
    view = cases.show(screen.desk, case, again=True)  # nothing of it is shown: no look to be logged
    if await refer(screen, case, first_recipient(view) or to):
        screen.reload()
