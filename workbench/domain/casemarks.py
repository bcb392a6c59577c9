"""A child's marks as a picture: a line a week, a square a session, its letter in it; readable without colours."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any, NamedTuple

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SESSIONS = ("AM", "PM")
MARKS_STYLE = """\
.marks { width: auto; table-layout: auto; }
.marks th, .marks td { text-align: center; padding: 0.3mm; min-width: 7mm; height: 5.4mm; line-height: 1.1; }
.marks th.week { text-align: left; min-width: 26mm; padding-left: 1.4mm; font-weight: normal; }
.marks td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.present { background: #fff; } .approved { background: #dcebf7; } .authorised { background: #d9d9d9; }
.unauthorised { background: #333; color: #fff; font-weight: bold; } .not-possible { background: #f6eed5; }
.admin { color: #777; } .changed { outline: 0.5mm solid #000; outline-offset: -0.6mm; }
.key span { display: inline-block; min-width: 7mm; border: 0.2mm solid #777; text-align: center; margin-right: 1.5mm;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.key li { list-style: none; break-inside: avoid; } .key { padding: 0; columns: 2; }
"""


class CodeWords(NamedTuple):
    """What a code is called, and its class."""

    class_: str
    title: str


Part = Mapping[str, Any]
Cell = tuple[str, str]
"""Day and session."""


def marks_section(marks: Sequence[Part], amendments: Sequence[Part], codes: Mapping[str, CodeWords]) -> str:
    """The picture, its key, and what stands beside the marks in words.

    Args:
        marks: in order of time, with `on`, `session`, `code`, `minutes`, `note`.
        amendments: with `on`, `session`, `was`, `code`, `reason`, `at`, `by`.
        codes: code to its class and title.
    """
    if not marks:
        return "<section>\n<h2>Marks</h2>\n<p>No mark is recorded.</p>\n</section>"
    changed = {(a["on"], a["session"]) for a in amendments}
    body = [_picture(marks, changed, codes), _key(marks, changed, codes), _notes(marks), _changes(amendments)]
    return f"<section>\n<h2>Marks</h2>\n{chr(10).join(filter(None, body))}\n</section>"


def _picture(marks: Sequence[Part], changed: set[Cell], codes: Mapping[str, CodeWords]) -> str:
    at = {(m["on"], m["session"]): m["code"] for m in marks}
    days = sorted({date.fromisoformat(m["on"]) for m in marks})
    shown = range(7 if any(day.weekday() > 4 for day in days) else 5)
    weeks = sorted({day - timedelta(day.weekday()) for day in days})
    top = "".join(f'<th scope="colgroup" colspan="2">{DAYS[n]}</th>' for n in shown)
    low = "".join(f'<th scope="col">{session}</th>' for _ in shown for session in SESSIONS)
    lines = []
    for week in weeks:
        cells = [((week + timedelta(n)).isoformat(), session) for n in shown for session in SESSIONS]
        squares = "".join(_square(at.get(cell), cell in changed, codes) for cell in cells)
        lines.append(f'<tr><th scope="row" class="week">{week.day} {week:%b %Y}</th>{squares}</tr>')
    return (
        f'<table class="marks">\n<thead><tr><th rowspan="2" class="week">Week of</th>{top}</tr><tr>{low}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(lines)}\n</tbody>\n</table>"
    )


def _square(code: str | None, changed: bool, codes: Mapping[str, CodeWords]) -> str:
    if code is None:
        return "<td></td>"
    return f'<td class="{_class(code, codes)}{" changed" if changed else ""}">{escape(code)}</td>'


def _class(code: str, codes: Mapping[str, CodeWords]) -> str:
    return codes[code].class_ if code in codes else "admin"


def _key(marks: Sequence[Part], changed: set[Cell], codes: Mapping[str, CodeWords]) -> str:
    """The codes that are in the picture, how often, and what they are called."""
    counts: dict[str, int] = {}
    for mark in marks:
        counts[mark["code"]] = counts.get(mark["code"], 0) + 1
    items = [
        f'<li><span class="{_class(code, codes)}">{escape(code)}</span>'
        f"{escape(codes[code].title if code in codes else 'unknown code')} ({number})</li>"
        for code, number in sorted(counts.items())
    ]
    if changed:
        items.append('<li><span class="changed">&nbsp;</span>changed after the register was taken</li>')
    return f'<ul class="key">\n{chr(10).join(items)}\n</ul>'


def _notes(marks: Iterable[Part]) -> str:
    said = [
        f"<li>{_where(m)} {escape(m['code'])}: "
        f"{escape('; '.join(filter(None, (_minutes(m), m['note']))))}</li>"
        for m in marks
        if m["note"] or m["minutes"]
    ]
    return f"<h3>Beside the marks</h3>\n<ul>\n{chr(10).join(said)}\n</ul>" if said else ""


def _minutes(mark: Part) -> str:
    return f"{mark['minutes']} minutes late" if mark["minutes"] else ""


def _changes(amendments: Iterable[Part]) -> str:
    said = [
        f"<li>{_where(a)}: {escape(a['was'] or 'blank')} became {escape(a['code'])} "
        f"({escape(a['reason'])}; {escape(a['by'])}, {escape(a['at'][:10])})</li>"
        for a in amendments
    ]
    return f"<h3>Changed afterwards</h3>\n<ul>\n{chr(10).join(said)}\n</ul>" if said else ""


def _where(part: Part) -> str:
    day = date.fromisoformat(part["on"])
    return f"{day.day} {day:%b %Y} {part['session']}"
