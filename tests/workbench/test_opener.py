"""What docs/folder.md says of sealing is enough to open it: independent code, by `cryptography` and that page alone."""

import hashlib
import hmac
import json
import unicodedata
from base64 import b64decode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.conftest import PASSPHRASE
from tests.folderkit import CONCERN, FOLDERS, NOTE, RECOVERY
from workbench.desk.recovery import as_text
from workbench.desk.sealing import FIELDS

FOLDER = FOLDERS / "format-2"
PAGE = Path(__file__).parents[2] / "docs" / "folder.md"

# the opener ---------------------------------------------------------------------------------------------------


def canonical(value: object) -> bytes:
    """RFC 8785, for ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    """RFC 9180, LabeledExtract."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    """RFC 9180, LabeledExpand, up to 32 bytes."""
    text = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\x01", "sha256")[:size]


def hpke(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """RFC 9180 in base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305."""
    own, enc = X25519PrivateKey.from_private_bytes(private), sealed[:32]
    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    context = enc + own.public_key().public_bytes_raw()
    secret = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    mode = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    base = extract(suite, secret, b"secret", b"")
    key, nonce = expand(suite, base, b"key", mode, 32), expand(suite, base, b"base_nonce", mode, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed[32:], None)


def key_id(private: bytes) -> str:
    """The id of the public key of a private one."""
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return hashlib.sha256(public).hexdigest()[:32]


def unwrap(private: bytes, own: str, wraps: dict[str, str]) -> bytes:
    """The private key with an id, out of its wraps."""
    holder = key_id(private)
    return hpke(private, canonical(["workbench", 1, "key", own, holder]), b64decode(wraps[holder]))


def open_document(folder: Path, private: bytes, kind: str, doc: dict[str, Any]) -> dict[str, Any]:
    """A document with its sealed fields laid over it, by a person's key or the recovery key."""
    envelope = doc["sealed"]
    own = envelope["key"]
    wraps = envelope.get("to") or json.loads((folder / "vault.json").read_text())["keys"][own]
    info = canonical(["workbench", 1, kind, doc["id"], doc["rev"], own])
    fields = json.loads(hpke(unwrap(private, own, wraps), info, b64decode(envelope["box"])))
    return {**{name: value for name, value in doc.items() if name != "sealed"}, **fields}


def private_key(folder: Path, user: str, passphrase: str) -> bytes:
    """A person's private X25519 key, by their passphrase."""
    people = json.loads((folder / "people.json").read_text())["people"].values()
    person = next(one for one in people if one["user"] == user)
    slot = json.loads((folder / "vault.json").read_text())["slots"][person["slot"]]
    assert hashlib.sha256(canonical(slot)).hexdigest() == person["slot"]
    salt, cost = (
        bytes.fromhex(slot["salt"]),
        {"iterations": slot["passes"], "memory_cost": slot["memory_kib"]},
    )
    key = Argon2id(salt=salt, length=32, lanes=slot["lanes"], **cost)
    made = key.derive(unicodedata.normalize("NFC", passphrase).encode())
    box = bytes.fromhex(slot["box"])
    found = ChaCha20Poly1305(made).decrypt(box[:12], box[12:], b"workbench slot 1")[:32]
    public = X25519PrivateKey.from_private_bytes(found).public_key().public_bytes_raw()
    assert public.hex() == person["seals"]
    return found


def on_paper(text: str) -> bytes:
    """A recovery key as it is written down."""
    letters = text.replace("-", "")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int("".join(f"{alphabet.index(letter):05b}" for letter in letters[:52]), 2)
    check = "".join(f"{byte:08b}" for byte in hashlib.sha256(letters[:52].encode()).digest()[:4])[12:]
    assert check == "".join(f"{alphabet.index(letter):05b}" for letter in letters[52:])
    return (number >> 4).to_bytes(32, "big")


# what it opens ------------------------------------------------------------------------------------------------


def latest(folder: Path, file: str, table: str) -> dict[str, Any]:
    """The newest document of a table that the log holds."""
    found: dict[str, Any] = {}
    for segment in sorted((folder / "log").iterdir()):
        for line in segment.read_text("utf-8").splitlines():
            for part in json.loads(line)["parts"]:
                for op in part.get("op", ()):
                    if (op.get("file"), op.get("table")) == (file, table):
                        found = next(reversed(op.get("put", {"": found}).values()))
    return found


def test_a_note_opens_by_a_passphrase() -> None:
    private = private_key(FOLDER, "dsl", PASSPHRASE)
    note = latest(FOLDER, "cases", "notes")
    assert note["text"] == "sealed"
    assert open_document(FOLDER, private, "cases/notes", note)["text"] == NOTE


def test_note_and_concern_open_by_the_recovery_key() -> None:
    private = on_paper(as_text(RECOVERY))
    assert private == RECOVERY
    for file, table, text in (("cases", "notes", NOTE), ("concerns", "concerns", CONCERN)):
        doc = latest(FOLDER, file, table)
        assert open_document(FOLDER, private, f"{file}/{table}", doc)["text"] == text


def test_the_page_names_every_table_and_field_that_is_sealed() -> None:
    rows = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3 and cells[1].strip("`") in FIELDS:
            rows[cells[1].strip("`")] = cells[2]
    assert rows.keys() == FIELDS.keys()
    for kind, (_, fields) in FIELDS.items():
        assert [name for name in fields if f"`{name}`" not in rows[kind]] == []
