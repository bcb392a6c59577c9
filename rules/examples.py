"""Worked examples: each is asked through the same functions that the screens use.

`run_files` and `run_texts` give one `Result` an example; `report` has the lines that `workbench rules check`
prints.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from rules import example_checks as checks
from rules.errors import ExampleError, RulesError
from rules.example_file import Source, read
from rules.example_world import Facts, check_groups
from rules.packs import RuleSet, load

SHIPPED = Path(__file__).parent / "examples"
"""The folder of the examples that ship beside the packs."""


EMPTY = "    remark: it expects nothing, so nothing was checked"


class Result(Struct, frozen=True, kw_only=True):
    """What became of one example."""

    file: str
    id: str
    text: str
    failures: tuple[checks.Failure, ...] = ()
    """What was expected and what came instead; empty where it passed."""
    empty: bool = False
    """Whether it expects nothing: it passes whatever the rules do."""

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures

    def lines(self) -> list[str]:
        """`ok W1 ...`, or a line for each failure followed by its trace."""
        if self.ok:
            return [f"ok {self.id} {self.text}".rstrip(), *([EMPTY] if self.empty else [])]
        found = []
        for failure in self.failures:
            found.append(f"FAILED {self.id}: expected {failure.expected}, got {failure.got}")
            found += [f"    {line}" for line in failure.trace]
        return found


CHECKS: tuple[Callable[[Facts], Iterator[checks.Failure]], ...] = (
    checks.expect,
    checks.never,
    checks.flags,
    checks.figures,
    checks.compulsory_age,
    checks.deadline,
    checks.statutory_la,
    checks.codes,
    checks.ground,
    checks.removal,
)
"""Each compares one key of the format and yields what differs; a key that is not given is passed over."""


def run(source: Source, rules: RuleSet) -> Result:
    """Ask one example.

    Raises:
        ExampleError: if the example itself is wrong: names file, example and key.
    """
    source.check()
    check_groups(source, {group["key"]: group for group in _groups(rules)})
    facts = Facts(source, rules)
    failures: list[checks.Failure] = []
    for check in CHECKS:
        try:
            failures.extend(check(facts))
        except ExampleError:
            raise
        except RulesError as error:
            failures.append(checks.Failure(check.__name__.replace("_", " "), f"an error: {error}"))
    example = source.example
    return Result(
        file=source.file,
        id=example.id,
        text=example.text,
        failures=tuple(failures),
        empty=not example.expects,
    )


def _groups(rules: RuleSet) -> list[dict[str, str]]:
    versions = rules.rule("case.group-action").base.version
    groups: list[dict[str, str]] = versions[-1].params["groups"]
    return [*groups, *({"key": part.id} for part in (*rules.local_groups, *rules.local_flags))]


def run_texts(texts: Iterable[tuple[str, str]], rules: RuleSet | None = None) -> list[Result]:
    """Ask the examples of several files.

    Args:
        texts: what errors call the file, and its TOML.
        rules: the rules; as shipped unless given.

    Raises:
        ExampleError: if a file cannot be read: names file, example and key.
    """
    asked = rules or load()
    return [run(source, asked) for file, text in texts for source in read(file, text)]


def run_files(paths: Sequence[Path] = (), rules: RuleSet | None = None) -> list[Result]:
    """Ask the examples of several files; those that ship with the workbench unless paths are given.

    Raises:
        ExampleError: if a file cannot be read: names file, example and key.
    """
    return run_texts(((str(path), _text(path)) for path in paths or shipped_files()), rules)


def shipped_files() -> list[Path]:
    """The example files beside the packs, in alphabetical order."""
    return sorted(SHIPPED.glob("*.toml"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise ExampleError(str(path), "", f"cannot be read: {reason}") from error


def report(results: Sequence[Result]) -> list[str]:
    """What `workbench rules check` prints: a line an example, then `N passed, N failed`."""
    lines = [line for result in results for line in result.lines()]
    failed = sum(not result.ok for result in results)
    return [*lines, f"{len(results) - failed} passed, {failed} failed"]
