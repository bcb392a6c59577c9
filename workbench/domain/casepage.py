"""A case file as one page of HTML that any browser shows and prints on A4: no script, nothing from any network."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from workbench.domain.casemarks import MARKS_STYLE, CodeWords, marks_section
from workbench.domain.casestyle import STYLE

Part = Mapping[str, Any]
STATES = {
    "done": "done",
    "begun": "begun, not finished",
    "open": "open",
    "does-not-apply": "does not apply",
    "waits": "waits for another step",
}
RISKS = {
    "social_worker": "has a social worker",
    "child_protection_plan": "child protection plan",
    "section_47": "section 47 enquiry",
    "looked_after_by": "looked after by",
    "home_la": "home authority",
    "placing_la": "placing authority",
    "ehc_plan": "education, health and care plan",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(
    built: Part, codes: Mapping[str, CodeWords], titles: Mapping[str, str], maker: str, fingerprint: str
) -> str:
    """The whole page.

    Args:
        built: a case file as builtin types, redacted.
        codes: attendance code to its class and title.
        titles: step of the enquiries to its words.
        maker: who made it, with name and post.
        fingerprint: of the key that signs it.
    """
    pupil = built["pupil"]
    title = f"{pupil['surname']}, {pupil['forename']} · {built['case']['id']}"
    body = [
        _summary(built, title, maker),
        _checklist(built["steps"]),
        _records(built, titles),
        _chronology(built["chronology"]),
        marks_section(built["marks"], built["amendments"], codes),
        _people(built["around"]),
        _redactions(built["redactions"]),
        _proof(built, fingerprint),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}{MARKS_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


# the parts --------------------------------------------------------------------------------------------------------


def _summary(built: Part, title: str, maker: str) -> str:
    pupil, case, school = built["pupil"], built["case"], built["school"]
    last = case["closings"][-1] if case["closings"] else None
    state = "open" if case["open"] else "closed"
    if last is not None:
        state += f" ({last['act']} {when(last['at'])} by {last['by']}: {last['reason']})"
    rows = [
        ("Child", f"{pupil['surname']}, {pupil['forename']}"),
        ("Born", when(pupil["born"])),
        ("UPN", pupil["upn"] or "none recorded"),
        ("Year and class", f"{pupil['year']}, {pupil['class_']}"),
        ("Address", ", ".join(filter(None, (pupil["address"], pupil["postcode"]))) or "none recorded"),
        ("On roll", _on_roll(pupil)),
        ("To know", "; ".join(_risks(pupil)) or "nothing of this kind is recorded"),
        ("Case", f"{case['id']}, opened {when(case['opened'])} by {case['opened_by']}: {case['trigger']}"),
        ("State", state),
        ("From", f"{school['name']} ({school['number']}), {school['local_authority']}"),
        ("Made", f"{when(built['made_at'])} by {maker}"),
    ]
    return (
        '<header>\n<p class="mark">Confidential: a child’s safeguarding record. Only for whom it is meant.</p>\n'
        f"<h1>{escape(title)}</h1>\n{pairs(rows)}\n</header>"
    )


def _on_roll(pupil: Part) -> str:
    words = f"from {when(pupil['starts'])}"
    if pupil["left"]:
        words += f" until {when(pupil['left'])}"
        words += f", ground {pupil['left_ground']}" if pupil["left_ground"] else ""
    return words


def _risks(pupil: Part) -> Iterable[str]:
    for key, words in RISKS.items():
        value = pupil[key]
        if value:
            yield words if value is True else f"{words} {value}"


def _checklist(steps: Sequence[Part]) -> str:
    made = [_step(step) for step in steps]
    return section("Checklist", "\n".join(made))


def _step(step: Part) -> str:
    state = STATES[step["state"]]
    words = f"{state}: {step['summary']}" if step["summary"] else state
    head = f"<h3>{step['number']} {escape(step['title'])}</h3>\n<p>{text(words)}</p>\n"
    if step["missing"]:
        head += f"<p>Still to answer: {text('; '.join(step['missing']))}</p>\n"
    rows = [
        (a["question"], a["value"] + (f": {a['note']}" if a["note"] else ""), f"{a['by']}, {when(a['at'])}")
        for a in step["answers"]
    ]
    return head + (table(("Question", "Answer", "By"), rows, ("q", "", "who")) if rows else "")


def _records(built: Part, titles: Mapping[str, str]) -> str:
    """Enquiries, referrals, notes, calls and visits, removals: what was done, each where there is any."""
    parts = [
        _table(
            "Enquiries",
            ("When", "Step", "By", "Result"),
            [
                (when(e["at"]), titles.get(e["step"], e["step"]), e["by_whom"], _joined("" if e["done"] else "not done",
                 e["result"], e["how"], e["evidence"]))
                for e in built["enquiries"]
            ],
            ("when", "step", "who", ""),
        ),
        _table(
            "Referrals",
            ("When", "To", "Decision", "Reason, level, reference, replies"),
            [(when(r["at"]), r["to"], r["decision"], _referral(r)) for r in built["referrals"]],
            ("when", "who", "who", ""),
        ),
        _table(
            "Notes",
            ("When", "By", "Note"),
            [(when(n["at"]), n["by"], n["text"]) for n in built["notes"]],
            ("when", "who", ""),
        ),
        _table(
            "Calls and visits",
            ("When", "Whom", "How", "Result"),
            [(when(c["at"]), c["who"], c["how"], c["result"]) for c in built["contacts"]],
            ("when", "who", "who", ""),
        ),
        _table(
            "Removals from the roll",
            ("Asked", "Ground", "State", "Authorised, evidence, gates"),
            [
                (when(r["requested"]), f"{r['ground']} {r['ground_title']}", r["state"], _removal(r))
                for r in built["removals"]
            ],
            ("when", "", "who", ""),
        ),
    ]  # fmt: skip
    return "\n".join(filter(None, parts))


def _referral(referral: Part) -> str:
    replies = [f"{r['by']} answered {when(r['at'])}: {r['text']}" for r in referral["replies"]]
    consent = f"consent {referral['consent']}" if referral["consent"] else ""
    return _joined(
        referral["reason"], referral["threshold"], referral["reference"], consent,
        referral["consent_why"], referral["escalated"], *replies,
    )  # fmt: skip


def _removal(removal: Part) -> str:
    evidence = [f"{e['key']}: {e['value']}" for e in removal["evidence"]]
    gates = [f"gate {g['id']}: {g['state']}" for g in removal["gates"]]
    by = f"authorised by {removal['authorised_by']}" if removal["authorised_by"] else ""
    effective = f"effective {when(removal['effective'])}" if removal["effective"] else ""
    return _joined(effective, by, removal["ended_reason"], *evidence, *gates)


def _chronology(lines: Sequence[Part]) -> str:
    rows = [(when(line["at"]), line["text"], line["by"]) for line in lines]
    return _table("Chronology, oldest first", ("When", "What", "By"), rows, ("when", "", "who"))


def _people(around: Sequence[Part]) -> str:
    rows = [
        (
            f"{a['order']}",
            a["name"],
            _joined(a["kind"], a["role"], "lives with the child" if a["lives_with"] else "",
                    "parental responsibility" if a["parental_responsibility"] else ""),
            _joined(a["phone"], a["email"], a["address"], a["authority"]),
        )
        for a in around
    ]  # fmt: skip
    made = table(("Call", "Name", "Who", "How to reach"), rows, ("n", "", "", "")) if rows else _none()
    return section("People around the child", made)


def _redactions(lines: Sequence[str]) -> str:
    why = (
        "<p>Other children, and adults around them, have a right to privacy of their own: where a name of theirs "
        "stood, it says in brackets who they are. The sending school knows whom each means.</p>\n"
    )
    made = f"<ul>\n{''.join(f'<li>{text(line)}</li>{chr(10)}' for line in lines)}</ul>" if lines else _none()
    return section("What was redacted, and why", why + made)


def _proof(built: Part, fingerprint: str) -> str:
    head = built["head"]
    rows = [
        ("Key of the signer", fingerprint),
        ("Newest entry of the sender’s log", f"{head['seq']}, {head['hash']}"),
        ("Entries about this case", f"{len(built['log'])}, in log.jsonl"),
    ]
    words = (
        "<p>README.txt beside this page says how to check that nothing was changed. The key came with the bundle: "
        "compare its fingerprint by telephone, on a number you have from elsewhere.</p>\n"
    )
    return section("How to check it", words + pairs(rows))


# HTML -------------------------------------------------------------------------------------------------------------


def text(value: str) -> str:
    """Text with its line breaks, as HTML."""
    return escape(value).replace("\n", "<br>")


def when(value: str | date | None) -> str:
    """A day or a moment as people write it: `23 Nov 2026, 09:12`; what is neither as it is."""
    if not value:
        return ""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    day = f"{found.day} {found:%b %Y}"
    return day if len(str(value)) <= len("2026-11-23") else f"{day}, {found:%H:%M}"


def section(title: str, body: str) -> str:
    """A part of the page under its heading."""
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>"


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Labels and what they say, as a table without heading."""
    lines = (f'<tr><th scope="row">{escape(name)}</th><td>{text(value)}</td></tr>' for name, value in rows)
    return f'<table class="pairs">\n{chr(10).join(lines)}\n</table>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str]) -> str:
    """Rows under headings that are printed on every page; `kinds` are the columns' classes of style."""
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in zip(heads, kinds, strict=True)
    )
    lines = (f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(lines)}\n</tbody>\n</table>"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> str:
    return section(title, table(heads, rows, kinds)) if rows else ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _none() -> str:
    return "<p>Nothing.</p>"
