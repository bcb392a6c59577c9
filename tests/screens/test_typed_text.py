"""No text of a record goes where Textual would read it as markup: proven on the source of all screens.

A plain `str` in most of Textual's widgets, in `notify`, in a tooltip, in a border's title, or returned by
`render`, is parsed (`[/]` ends the program, `[@click=...]` runs an action). Our screens draw their own lines instead;
what they use of Textual's own are the two widgets that show a `str` as it is. Where anything else is used, it has to be
given a constant, or text that is typed (`Content(...)`, `Text(...)`), or `markup=False`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import screens

LITERAL = frozenset({"Input", "TextArea"})
"""Widgets of Textual that show a `str` literally."""
PARSES = frozenset(
    {
        "Button", "Checkbox", "Collapsible", "CollapsibleTitle", "DataTable", "Label", "Link", "ListItem", "Markdown",
        "Option", "OptionList", "RadioButton", "RadioSet", "RichLog", "Select", "Selection", "SelectionList", "Static",
        "Tab", "TabPane", "TabbedContent", "Tabs", "Tree",
    }
)  # fmt: skip
"""Widgets that read a `str` as markup, in one grammar or the other."""
TITLES = frozenset({"border_title", "border_subtitle", "tooltip", "tooltips"})
"""Attributes of every widget that are read as markup."""
CALLS = frozenset({"notify", "add_option", "add_options", "add_row", "add_column", "add_leaf", "set_options"})
TYPED = frozenset({"Content", "Text"})
MODULES = sorted(Path(screens.__file__).parent.rglob("*.py"))


def called(node: ast.AST) -> str:
    """The last name of what is called: `Static` of `widgets.Static(...)`."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def safe(node: ast.expr) -> bool:
    """Whether an expression is a constant, or text that no grammar reads."""
    return isinstance(node, ast.Constant) or called(node) in TYPED


def literal(call: ast.Call) -> bool:
    """Whether a call says `markup=False`."""
    given = (each for each in call.keywords if each.arg == "markup")
    return any(isinstance(each.value, ast.Constant) and each.value.value is False for each in given)


def faults(tree: ast.AST) -> Iterator[str]:
    """Every place at which a text of a record could be parsed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets"):
            for alias in node.names:
                if alias.name not in LITERAL | PARSES:
                    yield f"{node.lineno}: {alias.name} is not known to show text as it is"
        if isinstance(node, ast.Call) and called(node) in PARSES | CALLS:
            texts = [
                *node.args,
                *(each.value for each in node.keywords if each.arg not in (None, "id", "classes")),
            ]
            if not literal(node) and not all(map(safe, texts)):
                yield f"{node.lineno}: {called(node)} is given text that is not typed"
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = [t.attr if isinstance(t, ast.Attribute) else getattr(t, "id", "") for t in targets]
            if TITLES.intersection(map(str.lower, named)) and not safe(node.value):
                yield f"{node.lineno}: {', '.join(named)} is given text that is not typed"
        if isinstance(node, ast.Call) and called(node) == "from_markup":
            yield f"{node.lineno}: from_markup reads markup"
        if (
            isinstance(node, ast.FunctionDef)
            and node.name == "render"
            and "str" in ast.unparse(node.returns or ast.Name("str"))
        ):
            yield f"{node.lineno}: render returns a str, which is read as markup"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(MODULES[0].parent).as_posix())
def test_no_text_of_a_record_is_parsed(path: Path) -> None:
    assert list(faults(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(pupil.name)",
        "Label(f'{pupil.name}')",
        "widgets.Button(name)",
        "OptionList(*rows)",
        "table.add_row(name)",
        "self.notify(str(error))",
        "self.notify('x', title=name)",
        "self.border_title = name",
        "widget.tooltip = f'{name}'",
        "BORDER_TITLE = name",
        "Content.from_markup(name)",
        "from textual.widgets import Digits",
        "def render(self) -> str: return self.name",
        "def render(self): return self.name",
    ],
)
def test_what_is_parsed_would_be_found(source: str) -> None:
    assert list(faults(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "Static('Today')",
        "Static(Content(pupil.name), id='x')",
        "Static(name, markup=False)",
        "table.add_row(Text(name))",
        "self.border_title = 'Today'",
        "from textual.widgets import Input, TextArea",
        "def render(self) -> Content: return Content(self.name)",
        "def render_line(self, y: int) -> Strip: return self.strips[y]",
    ],
)
def test_what_is_not_parsed_passes(source: str) -> None:
    assert list(faults(ast.parse(source))) == []
