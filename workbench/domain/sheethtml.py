"""A sheet as one HTML page for A4: no script, nothing from elsewhere, black on white, numbered pages."""

import re
from html import escape

from workbench.domain.casemarks import MARKS_STYLE, marks_section
from workbench.domain.casepage import pairs, section, text, when
from workbench.domain.casestyle import STYLE
from workbench.domain.characters import BAD
from workbench.domain.sheets import Pairs, Part, Picture, Proof, Rows, Sheet, Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page may load: nothing but the style that stands in it."""
SHEET_STYLE = """\
@page { margin: 16mm 14mm 20mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt Arial,
  Helvetica, sans-serif; } @bottom-left { content: "%s"; font: 8pt Arial, Helvetica, sans-serif; white-space: pre-line;
  width: 150mm; } }
.letter p { margin: 0 0 3mm; font-size: 11pt; }
.proof { border-top: 0.4mm solid #000; margin-top: 8mm; padding-top: 1.5mm; font-size: 8.5pt; break-inside: avoid; }
.code { font-family: monospace; }
table { break-inside: auto; }
"""
_HEX = re.compile("[0-9a-f]{64}")


def as_html(sheet: Sheet) -> str:
    """The whole page; it ends with a line break. Whatever was typed is text in it, never markup."""
    letter = sheet.kind == "letter"
    style = STYLE + MARKS_STYLE + SHEET_STYLE % _foot(sheet.proof)
    mark = f'<p class="mark">{escape(sheet.mark)}</p>\n' if sheet.mark else ""
    missing = (
        f"<p><strong>Still missing: {escape('; '.join(sheet.missing))}</strong></p>\n"
        if sheet.missing and not letter
        else ""
    )
    body = "\n".join(_part(part, letter) for part in sheet.parts)
    return _harmless(
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(sheet.title)}</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<header>\n{mark}<p>{escape(sheet.proof.school)}</p>\n"
        f"<h1>{escape(sheet.title)}</h1>\n{missing}</header>\n{body}\n{_proof(sheet.proof)}\n</body>\n</html>\n"
    )


def _harmless(page: str) -> str:
    """No sign that a terminal or a reader would obey: what shows a page as text is as safe as what draws it."""
    return "\n".join(BAD.sub("\ufffd", line) for line in page.split("\n"))


def _foot(proof: Proof) -> str:
    """The line at the foot of every page; of digits alone, since it stands inside a style."""
    head = proof.head if _HEX.fullmatch(proof.head) else ""
    return f"Log entry {proof.seq:d} {head}"


def _part(part: Part, letter: bool) -> str:
    if isinstance(part, Words):
        lines = "\n".join(f"<p>{text(line)}</p>" for line in part.lines)
        body = f'<div class="letter">\n{lines}\n</div>' if letter else lines
        return section(part.title, body) if part.title else body
    if isinstance(part, Pairs):
        return section(part.title, pairs(part.rows)) if part.title else pairs(part.rows)
    if isinstance(part, Picture):
        return marks_section(part.marks, part.amendments, part.codes)
    return section(part.title, _table(part) if part.rows else f"<p>{text(part.empty)}</p>")


def _table(part: Rows) -> str:
    whole = sum(column.width for column in part.columns)
    widths = "".join(f'<col style="width: {100 * c.width / whole:.1f}%">' for c in part.columns)
    head = "".join(f'<th scope="col">{escape(c.title)}</th>' for c in part.columns)
    lines = (f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in part.rows)
    return (
        f"<table>\n<colgroup>{widths}</colgroup>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(lines)}\n"
        "</tbody>\n</table>"
    )


def _proof(proof: Proof) -> str:
    return (
        f'<footer class="proof">\n<p>Printed {escape(when(proof.at))} by {escape(proof.by)}.</p>\n'
        f'<p>Newest entry of the log then: {proof.seq:d}, <span class="code">{escape(proof.head)}</span></p>\n</footer>'
    )
