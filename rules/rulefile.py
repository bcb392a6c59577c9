"""One rule as it stands in the packs, and what it asks once the layers are put on top of each other."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from rules.dated import Dated
from rules.duty import Certainty, Citation, Standing
from rules.errors import LoosenedError, NoValueInForce, PackError
from rules.facts import SchoolKind
from rules.stacking import Direction, is_keyed, lent, loosened, stacked

_STANDINGS: dict[str, frozenset[str]] = {
    "ontrack": frozenset({"policy"}),
    "trust": frozenset({"policy", "local"}),
    "la": frozenset({"local"}),
    "school": frozenset({"local"}),
}


class Version(Dated, frozen=True, kw_only=True):
    """One dated version of a rule in one layer."""

    kinds: tuple[SchoolKind, ...] | None = None
    """The kinds of school it applies to; all if left out."""
    csa: bool = False
    """True: it applies only to pupils of compulsory school age."""
    recipients: tuple[str, ...] = ()
    """Whom to tell, as in `rules/recipients.py`; later layers add theirs."""
    flags: tuple[str, ...] = ()
    """Words that every trace of the duty carries, such as `ambiguous`."""
    notes: tuple[str, ...] = ()
    """Sentences that every trace of the duty carries: product choices and open readings."""
    params: dict[str, Any] = field(default_factory=dict)
    """The numbers and letters that the trigger reads."""


class RuleFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule in the first layer that has it."""

    title: str
    trigger: str
    """Which of the functions in `rules/triggers` finds its duties."""
    action: str
    """What must happen, in plain words; `{days}`, `{day}` ... are filled in by the trigger."""
    ends: str
    """What ends the duty."""
    owner: Literal["dsl", "attendance"]
    is_return: bool = False
    tighter: dict[str, Direction] = {}
    """Which way later layers may move a parameter."""
    version: tuple[Version, ...]


class Extension(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a later layer adds to a rule."""

    version: tuple[Version, ...]


class Addition(Extension, frozen=True, kw_only=True):
    """An extension made of a group or a step: its lists hold what is added, not all that is asked for."""


class Question(NamedTuple):
    """What decides which versions of a rule apply."""

    on: date
    kind: SchoolKind
    policy: bool
    csa: bool
    commenced: tuple[tuple[str, date], ...] = ()


class Resolved(Struct, frozen=True, kw_only=True):
    """What a rule asks, of one kind of school and pupil, on one day."""

    rule: str
    title: str
    trigger: str
    action: str
    ends: str
    owner: Literal["dsl", "attendance"]
    is_return: bool
    standing: Standing
    certainty: Certainty
    citation: Citation
    """Of the first layer that applies; its standing decides whether it can be overridden."""
    since: date
    """The first day from which all of this is in force."""
    also: tuple[tuple[Standing, Citation], ...]
    """The later layers that tightened or added."""
    recipients: tuple[str, ...]
    flags: tuple[str, ...]
    notes: tuple[str, ...]
    params: Mapping[str, Any]
    below: "Resolved | None" = None
    """What it would ask without the first layer that moved a number, and all after it; None where none did."""
    moved_by: Version | None = None
    """The version that moved it: what only its number asks for has its standing, certainty and source."""


class Rule(Struct, frozen=True, kw_only=True):
    """A rule with the versions of all layers, in order."""

    id: str
    base: RuleFile
    layers: tuple[tuple[str, tuple[Version, ...]], ...]
    """Layer and versions; a layer with several packs stands several times."""

    def resolve(self, question: Question) -> Resolved | None:
        """What it asks, or None where it does not apply to such a school or pupil.

        Raises:
            NoValueInForce: if a layer has versions before and after that day, and none on it.
        """
        chosen: list[Version] = []
        moved: list[str] = []
        params: dict[str, Any] = {}
        without: Resolved | None = None
        mover: Version | None = None
        for layer, versions in self.layers:
            taken_on = layer != "ontrack" or question.policy
            if not taken_on and params:
                continue
            version = self._pick(versions, question)
            if version is None and not params:
                return None  # a layer that only adds to a rule says nothing where there is no rule yet
            if version is None:
                continue
            if taken_on and _applies(version, question):
                below, params = params, stacked(params, version.params, self.base.tighter)
                changed = _moved(chosen, version, below, params)
                if changed and mover is None and chosen:
                    without, mover = self._stack(chosen, below, moved), version
                moved += changed
                chosen.append(version)
            else:
                params = lent(params, version.params)
        whole = self._stack(chosen, params, moved) if chosen else None
        return replace(whole, below=without, moved_by=mover) if whole is not None and mover else whole

    def silent(self, kind: SchoolKind, policy: bool, commenced: Mapping[str, date], on: date) -> str | None:
        """Why the rule asks nothing of such a school on a day, or None if it asks something."""
        layers = [(layer, versions) for layer, versions in self.layers if layer != "ontrack" or policy]
        if not layers:
            return "is policy, and the school has not taken the policy on"
        mine = [v for _, versions in layers for v in versions if v.kinds is None or kind in v.kinds]
        if not mine:
            return f"does not apply to a school of the kind {kind}"
        if not any(v.holds(on, commenced) for v in mine):
            return f"is not in force on {on.isoformat()}"
        return None

    def _pick(self, versions: Sequence[Version], question: Question) -> Version | None:
        """A layer's version in force; one that does not apply only lends its parameters. None where the rule is
        not in force; a day between two of its versions raises."""
        commenced = dict(question.commenced)
        awake = [v for v in versions if v.switch is None or v.switch in commenced]
        if not awake:
            return None
        held = [v for v in awake if v.holds(question.on, commenced)]
        applying = [v for v in held if _applies(v, question)]
        if not applying and _is_gap(
            [v for v in awake if v.switch is None and _applies(v, question)], question.on
        ):
            raise NoValueInForce(self.id, "version", question.on)
        found = applying or held
        return max(found, key=lambda v: v.from_) if found else None

    def _stack(self, chosen: Sequence[Version], params: dict[str, Any], moved: Sequence[str]) -> Resolved:
        first = chosen[0]
        return Resolved(
            rule=self.id,
            title=self.base.title,
            trigger=self.base.trigger,
            action=self.base.action,
            ends=self.base.ends,
            owner=self.base.owner,
            is_return=self.base.is_return,
            standing=first.standing,
            certainty=first.certainty,
            citation=first.citation,
            since=max(version.from_ for version in chosen),
            also=tuple((version.standing, version.citation) for version in chosen[1:]),
            recipients=_union(version.recipients for version in chosen),
            flags=_union(version.flags for version in chosen),
            notes=_union([moved, *(version.notes for version in chosen)]),
            params=params,
        )


def _moved(
    chosen: Sequence[Version], version: Version, below: Mapping[str, Any], now: Mapping[str, Any]
) -> list[str]:
    """Which numbers and codes are a later layer's and not the first one's, in words: a reader shall not take them for
    the law's."""
    if not chosen:
        return []
    return [
        f"`{key}` is {_said(now[key])} by {version.law} ({version.standing}, {version.certainty}), "
        f"not {_said(below[key])} as in {chosen[0].law}."
        for key in version.params
        if key in below and now[key] != below[key] and not is_keyed(below[key])
    ]


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _is_gap(versions: Sequence[Version], on: date) -> bool:
    """Whether a day lies between two versions: before the first and after the last a rule is not in force."""
    return any(v.from_ <= on for v in versions) and any(on < v.from_ for v in versions)


def _applies(version: Version, question: Question) -> bool:
    return (version.kinds is None or question.kind in version.kinds) and (question.csa or not version.csa)


def _union(lists: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for each in lists for item in each))


def assemble(rule_id: str, files: Sequence[tuple[str, str, RuleFile | Extension]]) -> Rule:
    """A rule out of its files, first layer first.

    Args:
        rule_id: dotted name.
        files: layer, what errors call the file, and its content.

    Raises:
        PackError: if there is none, or a later layer begins where there is nothing to extend.
        LoosenedError: if a later layer asks less than an earlier one.
    """
    if not files or not isinstance(files[0][2], RuleFile):
        raise PackError(f"rule {rule_id}", "no pack has it")
    base = files[0][2]
    below: list[Version] = []
    for layer, where, content in files:
        if not content.version:
            raise PackError(where, "needs at least one [[version]]")
        for version in content.version:
            check_standing(layer, where, version)
            for under in () if isinstance(content, Addition) else below:
                _check_not_looser(where, base, version, under)
        below.extend(content.version)
    return Rule(id=rule_id, base=base, layers=tuple((layer, content.version) for layer, _, content in files))


def check_standing(layer: str, where: str, value: Dated) -> None:
    """Refuse a standing that the layer cannot give.

    Raises:
        PackError: naming those that it can.
    """
    allowed = _STANDINGS.get(layer)
    if allowed is not None and value.standing not in allowed:
        raise PackError(
            where, f"standing is {value.standing!r}; this layer can only be {' or '.join(sorted(allowed))}"
        )


def _check_not_looser(where: str, base: RuleFile, version: Version, under: Version) -> None:
    """Refuse parameters that ask less than those of an earlier layer in the same time."""
    apart = (version.to is not None and version.to < under.from_) or (
        under.to is not None and under.to < version.from_
    )
    if apart:
        return
    for key, value in version.params.items():
        wrong = loosened(key, value, under.params.get(key, value), base.tighter.get(key), under.law)
        if wrong:
            raise LoosenedError(where, wrong)
