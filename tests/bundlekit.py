"""Bundles of a school that is not ours, made by hand: in order, and wrong in one thing."""

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workbench.domain import bundling, sshsig
from workbench.domain.handover import RECEIPT_NAMESPACE

SCHOOL = {
    "name": "Hill School", "number": "880/4001", "kind": "maintained", "stands_in": "Derby",
    "local_authority": "Derby",
}  # fmt: skip
CHILD: dict[str, Any] = {
    "id": "P-HHHHH1", "upn": "V880600118340", "surname": "Stokes", "forename": "Gurpreet", "born": "2011-12-14",
    "year": 10, "class_": "10H", "starts": "2023-09-04", "left": None, "left_ground": None, "address": "1 Hill Lane",
    "postcode": "DE1 1AA", "groups": [], "social_worker": True, "child_protection_plan": False, "section_47": False,
    "looked_after_by": None, "home_la": None, "placing_la": None, "ehc_plan": False,
}  # fmt: skip
"""The child of `tests.workbench.story.UPN`, as another school knows them."""
NOTE = "Seen at the bus station, an invented note of the sender."


class Signer:
    """A key of somebody at another school, the same each time."""

    def __init__(self, seed: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._key.public_key().public_bytes_raw()
        self.sign: Callable[[bytes], bytes] = self._key.sign

    @property
    def fingerprint(self) -> str:
        """What they would read out by telephone."""
        return sshsig.fingerprint(self.public)


def canonical(value: Any) -> bytes:
    """As the sender writes JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entries(count: int = 2) -> list[dict[str, Any]]:
    """Entries of the sender's log, chained."""
    made, before = [], "0" * 64
    for seq in range(1, count + 1):
        entry = {
            "seq": seq, "at": "2026-11-20T09:00:00+00:00", "actor": "hilda", "role": "dsl", "act": "case.viewed",
            "subject": "C-HHHHH1", "why": None, "digest": hashlib.sha256(b"[]").hexdigest(), "prev": before,
        }  # fmt: skip
        before = hashlib.sha256(canonical(entry)).hexdigest()
        made.append({**entry, "hash": before})
    return made


def case_file(**changes: Any) -> dict[str, Any]:
    """A case file in order; `changes` are put in place of its parts."""
    log = entries()
    line = {"at": "2026-11-20T08:40:00+00:00", "recorded": "2026-11-20T09:00:00+00:00", "by": "hilda"}
    made = {
        "schema": "cme-case", "version": 1, "made_at": "2026-11-20T09:30:00+00:00", "made_by": "hilda",
        "school": SCHOOL, "pupil": CHILD, "around": [],
        "case": {
            "id": "C-HHHHH1", "opened": "2026-11-18T09:00:00+00:00", "opened_by": "hilda", "trigger": "missing",
            "duty": None, "owner": "hilda", "waits_for": "us", "open": True, "closings": [], "linked": [],
        },
        "steps": [], "enquiries": [], "referrals": [],
        "notes": [{"id": "L-HHHHH1", "case": "C-HHHHH1", "text": NOTE, **line}],
        "removals": [], "events": [], "contacts": [], "marks": [], "amendments": [],
        "chronology": [
            {"at": "2026-11-18T09:00:00+00:00", "recorded": "2026-11-18T09:00:00+00:00", "kind": "case",
             "text": "case opened", "by": "hilda"},
            {"kind": "note", "text": NOTE, **line},
        ],
        "redactions": ["[witness P-HHHHH2]: a third party, named by role"],
        "log": log, "head": {"seq": log[-1]["seq"], "hash": log[-1]["hash"]},
    }  # fmt: skip
    return {**made, **changes}


def parts(case: Any = None, signer: Signer | None = None, **files: bytes) -> dict[str, bytes]:
    """The unsigned files of a bundle; `files` (`case_json`, `README_txt`) are put in place of theirs."""
    case = case_file() if case is None else case
    log = case.get("log", []) if isinstance(case, dict) else []
    made = {
        bundling.CASE: canonical(case) + b"\n",
        bundling.PAGE: b"<!DOCTYPE html><title>C-HHHHH1</title>\n",
        bundling.LOG: b"".join(canonical(entry) + b"\n" for entry in log),
        bundling.README: b"What this is.\n",
        **{name.replace("_", ".", 1): data for name, data in files.items()},
    }
    return bundling.with_signer(made, (signer or Signer()).public, "hilda")


def signed(made: Mapping[str, bytes], signer: Signer | None = None) -> dict[str, bytes]:
    """The files with their sums and signature."""
    signer = signer or Signer()
    return bundling.signed(made, signer.public, signer.sign)


def bundle(case: Any = None, signer: Signer | None = None, **files: bytes) -> bytes:
    """A bundle that is whole, whatever it says."""
    return bundling.zipped(signed(parts(case, signer, **files), signer))


def stored(files: Mapping[str, bytes]) -> bytes:
    """As `bundling.zipped`, but not packed: large files that no ratio gives away."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o600) << 16
            out.writestr(entry, data)
    return made.getvalue()


def receipt(signed_for: str = RECEIPT_NAMESPACE, **changes: Any) -> bytes:
    """A receipt of that school; `changes` are put in place of what it says."""
    said = {
        "schema": "cp-file-receipt", "version": 1, "bundle": "0" * 64, "case": "C-AAAA", "kept_as": "",
        "school": "Hill School", "number": "880/4001", "by": "P. Achebe", "post": "DSL",
        "at": "2026-11-25T10:00:00+00:00", "note": "", **changes,
    }  # fmt: skip
    key = Signer()
    signature = sshsig.armored(key.public, key.sign, canonical(said), signed_for)
    return (
        canonical({"receipt": said, "signature": signature, "signer": sshsig.public_line(key.public)}) + b"\n"
    )
