"""`docs/permissions.md`, made from the table: `python -m workbench.desk.permitspage > docs/permissions.md`."""

import importlib
import inspect
import pkgutil
import sys

import workbench.desk
from workbench.desk.conditions import CONDITIONS, WHEN, WITHOUT_ROLES
from workbench.desk.permissions import PERMITS
from workbench.domain.people import ROLES

HEAD = """# Who may do what

Made from `workbench/desk/permissions.py` and `workbench/desk/conditions.py` by `python -m workbench.desk.permitspage`.
A test compares them, and another calls every verb as every role on a real folder.

A verb asks for the role before it looks at anything. Whoever holds none that may is refused, and the log says so
(`verb.refused`, with the verb). Nothing is open that is not in this table. An account without roles may do: {without}.
"""


def page() -> str:
    """The whole page as Markdown."""
    lines = [HEAD.format(without=", ".join(f"`{name}`" for name in sorted(WITHOUT_ROLES)))]
    lines += [
        "## Verbs",
        "",
        f"| Verb | {' | '.join(ROLES)} | Conditions |",
        f"|---|{'---|' * len(ROLES)}---|",
    ]
    lines += [_row(name) for name in PERMITS]
    lines += ["", "## Conditions", "", "| Condition | What it means |", "|---|---|"]
    lines += [f"| {key} | {words} |" for key, words in CONDITIONS.items()]
    lines += ["", "## What each verb does", ""]
    for name, said in sorted(_said().items()):
        lines.append(f"- `{name}`: {' '.join(said)}")
    return "\n".join(lines) + "\n"


def _row(name: str) -> str:
    marks = ["●" if role in PERMITS[name] else "" for role in ROLES]
    return f"| `{name}` | {' | '.join(marks)} | {'; '.join(WHEN.get(name, ()))} |"


def _said() -> dict[str, list[str]]:
    """Verb to the first sentence of each function that carries it."""
    found: dict[str, list[str]] = {}
    for info in pkgutil.iter_modules(workbench.desk.__path__, "workbench.desk."):
        module = importlib.import_module(info.name)
        for function in vars(module).values():
            if (
                inspect.isfunction(function)
                and function.__module__ == module.__name__
                and hasattr(function, "verb")
            ):
                words = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
                found.setdefault(function.verb, []).append(words)
    return found


if __name__ == "__main__":
    sys.stdout.write(page())
