"""Handing a case over: who is named, and the signed bundle for the next school."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rules.wizard import step_titles
from store import files
from store.canon import canonical, trusted_lines
from workbench.desk import agefile, exports
from workbench.desk.casefacts import case_of, pupil_of
from workbench.desk.columns import DATA
from workbench.desk.context import Desk
from workbench.desk.events import events_of
from workbench.desk.files import outside, write_output
from workbench.desk.keyring import Keyring
from workbench.desk.outlines import opens
from workbench.desk.permissions import verb
from workbench.desk.secrets_rules import check_secret
from workbench.desk.text import clean
from workbench.desk.thirds import named, names_of, redacted, redaction_lines
from workbench.domain import bundling, sshsig
from workbench.domain.casemarks import CodeWords
from workbench.domain.casepage import page
from workbench.domain.cases import Case
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.handover import GOES, PREFIX, TABLE, Encryption, Handover, Redacted, ThirdParties

EXPORTED = "handover.exported"
UNTOUCHED = frozenset({"schema", "version", "made_at", "made_by", "school", "pupil", "log", "head"})
"""Parts of a case file in which nobody else can be named: no person writes texts into them."""
STAYS = (
    "concerns, which are about more than this case: tell the next school of them in person",
    "names of other children and of adults around them",
    "the private keys, the passphrases and the rest of the log",
)
_NEXT = {"registered_elsewhere": "school", "moved_school": "to"}
"""Kind of event to its field that names the next school."""


class Way(Struct, frozen=True, kw_only=True):
    """How a bundle goes. One of `recipient`, `passphrase` and `channel` is needed."""

    recipient: str = ""
    """An age key to encrypt it for."""
    passphrase: str = ""
    """A passphrase to encrypt it with."""
    channel: str = ""
    """The secure way by which it goes, in the DSL's words."""

    @property
    def encryption(self) -> Encryption:
        """How it is encrypted."""
        return "key" if self.recipient else "passphrase" if self.passphrase else "none"


class Exported(Struct, frozen=True, kw_only=True):
    """A bundle that was written and recorded."""

    handover: Handover
    path: str
    redacted: tuple[Redacted, ...]


class _Made(Struct, frozen=True, kw_only=True):
    bundle: bytes
    signer: str
    head: int
    redacted: tuple[Redacted, ...]


@verb("handover.check")
def look(desk: Desk, case_id: str, to: str = "") -> ThirdParties:
    """Who is named in a case, who is taken out, and what goes out: to be looked at before it leaves. That it was looked
    at is in the log."""
    case = _readable(desk, case_id)
    desk.note_if_possible("case.viewed", subject=case.id)
    return _look(desk, case, _next_school(desk, case, to))


def _look(desk: Desk, case: Case, to: str) -> ThirdParties:
    built = exports.built(desk, case)
    names = names_of(desk, case)
    _redact(built, names)
    return ThirdParties(
        case=case.id,
        pupil=case.pupil,
        to=to,
        named=named(desk, case),
        redacted=redacted(desk, case, names),
        goes={part: len(built[part]) for part in GOES},
        stays=STAYS,
    )


@verb("handover.export")
def export(
    desk: Desk, case_id: str, out: str, way: Way, to: str = "",
    before: Callable[[ThirdParties], object] | None = None,
) -> Exported:  # fmt: skip
    """Write a signed bundle that only its owner may read, whole or not at all and over no other file, and record it.

    Args:
        desk: the desk.
        case_id: the case.
        out: where to write.
        way: how it goes.
        to: the next school; as it is recorded unless given.
        before: given the look before an export, once nothing stands in its way; what it raises stops it.

    Raises:
        InvalidError: if there is no key to sign with, no way is said, the case is sealed to others, or the file is
            there, lies in the data folder or cannot be written.
        FolderError: if the log could not say so; the file is then taken away again.
    """
    case = _readable(desk, case_id)
    keys = _keys(desk)
    way = _proper(desk, case, way)
    path = outside(out, desk.store.path)
    _refuse_taken(path)
    to = _next_school(desk, case, to)
    if before is not None:
        before(_look(desk, case, to))
    made = _bundle(desk, case, keys, to)
    return _put(desk, case, path, made, way, to)


# what stands in the way -------------------------------------------------------------------------------------------


def _readable(desk: Desk, case_id: str) -> Case:
    case = case_of(desk, case_id)
    if not opens(desk, case):
        raise InvalidError(
            f"{case.id} is sealed, and its key is not yours: what you cannot read you cannot hand over.",
            todo="Ask a DSL who can read it to sign in once, or to hand it over.",
        )
    return case


def _keys(desk: Desk) -> Keyring:
    if desk.keys is None:
        raise InvalidError(
            "There is no key to sign with: whoever signs in with a PIN, or into a folder of an older format, has none.",
            todo="Sign in with a passphrase; `workbench upgrade` brings an older folder up to date.",
        )
    return desk.keys


def _proper(desk: Desk, case: Case, way: Way) -> Way:
    """The way with its words clean; refused where it says too little or too much."""
    if way.recipient and way.passphrase:
        raise InvalidError("A bundle is encrypted for a key or with a passphrase, not both.")
    channel = clean(way.channel, what="The channel")
    if way.encryption == "none" and not channel:
        raise InvalidError(
            "It is not said how the bundle goes safely, and it is not encrypted.",
            todo="Encrypt it, or say with --channel by which secure way it goes: who carries it, or which system.",
        )
    if way.passphrase:
        child = pupil_of(desk, case.pupil)
        check_secret(way.passphrase, ("dsl",), (child.surname, child.forename, desk.school().name))
    return msgspec.structs.replace(way, channel=channel)


def _refuse_taken(path: Path) -> None:
    """Refuse a name that is taken before the work of a bundle is done; writing refuses it again."""
    with suppress(OSError, ValueError):
        if files.kind(path) != "nothing":
            raise InvalidError(f"{harmless(str(path), 200)} exists already.", todo="Choose another name.")


def _next_school(desk: Desk, case: Case, to: str) -> str:
    """The next school: as given, else as the newest event that names one has it, else empty."""
    if given := clean(to, what="The next school"):
        return given
    told = [e for e in events_of(desk, case.pupil, standing=True) if e.kind in _NEXT]
    schools = [str(e.fields.get(_NEXT[e.kind]) or "") for e in sorted(told, key=lambda e: e.on)]
    return next((school for school in reversed(schools) if school), "")


# what is in it ----------------------------------------------------------------------------------------------------


def _redact(built: dict[str, Any], names: Callable[[Any], Any]) -> dict[str, Any]:
    return {key: part if key in UNTOUCHED else names(part) for key, part in built.items()}


def _bundle(desk: Desk, case: Case, keys: Keyring, to: str) -> _Made:
    names = names_of(desk, case)
    built = _redact(exports.built(desk, case), names)
    gone = redacted(desk, case, names)
    built["redactions"] = list(redaction_lines(gone))
    signer = sshsig.fingerprint(keys.sign_public)
    parts = {
        bundling.CASE: canonical(built) + b"\n",
        bundling.PAGE: page(
            built, _codes(desk, built["marks"]), step_titles(desk.rules), _maker(desk), signer
        ).encode(),
        bundling.LOG: trusted_lines(built["log"]),
        bundling.README: _readme(desk, case, built, to, signer).encode(),
    }
    parts = bundling.with_signer(parts, keys.sign_public, desk.user())
    return _Made(
        bundle=bundling.zipped(bundling.signed(parts, keys.sign_public, keys.sign)),
        signer=signer,
        head=built["head"]["seq"],
        redacted=gone,
    )


def _codes(desk: Desk, marks: list[dict[str, Any]]) -> dict[str, CodeWords]:
    """The codes of today, and those of the days of the marks that no longer are."""
    days = {date.fromisoformat(mark["on"]) for mark in marks}
    found: dict[str, CodeWords] = {}
    for day in (*sorted(days), desk.today()):
        found |= {code.code: CodeWords(code.class_, code.title) for code in desk.codes.at(day).values()}
    return found


def _maker(desk: Desk) -> str:
    return f"{desk.who.name}, {desk.who.post}" if desk.who else desk.user()


def _readme(desk: Desk, case: Case, built: dict[str, Any], to: str, signer: str) -> str:
    return _template().format(
        school=built["school"]["name"],
        number=built["school"]["number"],
        made_at=built["made_at"],
        name=desk.who.name if desk.who else "",
        post=desk.who.post if desk.who else "",
        user=desk.user(),
        case=case.id,
        to=to or "the school was not said",
        seq=built["head"]["seq"],
        head=built["head"]["hash"],
        fingerprint=signer,
    )


@cache
def _template() -> str:
    return (DATA / "handover-readme.txt").read_text("utf-8")


# the file and its record ------------------------------------------------------------------------------------------


def _put(desk: Desk, case: Case, path: Path, made: _Made, way: Way, to: str) -> Exported:
    data = _encrypted(made.bundle, way)
    handover = Handover(
        id=desk.unused(*TABLE, PREFIX),
        case=case.id,
        pupil=case.pupil,
        at=desk.stamp(),
        by=desk.user(),
        to=to,
        channel=way.channel,
        encrypted=way.encryption,
        sha256=sha256(made.bundle).hexdigest(),
        file_sha256=sha256(data).hexdigest(),
        size=len(data),
        signer=made.signer,
        head=made.head,
    )
    inodes: list[int] = []
    try:
        with desk.change(EXPORTED, subject=case.id, why=handover.id) as tx:
            saved = desk.save(tx, *TABLE, handover, rev=0)
            write_output(str(path), data, prove=_same(data, inodes))
    except BaseException:
        _take_away(path, inodes)
        raise
    return Exported(handover=saved, path=str(path), redacted=made.redacted)


def _encrypted(bundle: bytes, way: Way) -> bytes:
    if way.recipient:
        return agefile.to_key(bundle, way.recipient)
    return agefile.to_passphrase(bundle, way.passphrase) if way.passphrase else bundle


def _same(data: bytes, inodes: list[int]) -> Callable[[Path], None]:
    """What reads a file back before it gets its name; `inodes` gets its inode."""

    def prove(temp: Path) -> None:
        if files.read_capped(temp, len(data)) != data:
            raise InvalidError(
                "What was read back is not what was written.", todo="Look at the disk; try another one."
            )
        inodes.append(files.extent(str(temp))[1])

    return prove


def _take_away(path: Path, inodes: list[int]) -> None:
    """Remove a file that has no entry: the very one that was made here, never another that stands there."""
    with suppress(OSError, ValueError):
        if files.extent(str(path))[1] in inodes:
            files.remove(path)
