"""Signatures as `ssh-keygen -Y` makes and checks them (SSHSIG), and its keys on one line. Ed25519 and SHA-512 only."""

import base64
import hashlib
import struct
from collections.abc import Callable

from workbench.domain.errors import InvalidError

NAMESPACE = "cp-file-transfer"
"""What a signature of a handover is for: one made for anything else does not count."""
KIND = b"ssh-ed25519"
KEY_BYTES, SIGNATURE_BYTES = 32, 64
LONGEST = 4096
"""Characters of an armored signature or of a key's line that are looked at; ours have about 300."""
_MAGIC, _VERSION, _HASH = b"SSHSIG", 1, b"sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70


def armored(public: bytes, sign: Callable[[bytes], bytes], message: bytes, namespace: str = NAMESPACE) -> str:
    """A signature as text, such as `ssh-keygen -Y verify` reads.

    Args:
        public: the signer's public key, 32 bytes.
        sign: makes an Ed25519 signature of 64 bytes.
        message: what is signed, whole.
        namespace: what the signature is for.
    """
    space = namespace.encode()
    raw = sign(_to_sign(space, message))
    signature = _string(KIND) + _string(raw)
    parts = (_blob(public), space, b"", _HASH, signature)
    whole = _MAGIC + struct.pack(">I", _VERSION) + b"".join(map(_string, parts))
    text = base64.b64encode(whole).decode()
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def checked(signature: str, message: bytes, namespace: str = NAMESPACE) -> bytes:
    """The public key, 32 bytes, with which a message was signed. Whose it is, it does not say.

    Raises:
        InvalidError: it is no such signature, was made for something else, or does not fit the message.
    """
    version, public, space, raw = _parts(_dearmored(signature))
    if version != _VERSION:
        raise _malformed(f"its version is {version}, and {_VERSION} is known")
    if space != namespace.encode():
        shown = ascii(space.decode("utf-8", "replace"))[:60]
        raise InvalidError(
            f"The signature was made for {shown}, not for {namespace!r}.",
            todo=f"Ask the sender for one made with -n {namespace}.",
        )
    if not _fits(public, _to_sign(space, message), raw):
        raise InvalidError(
            "The signature does not fit: what was signed was changed, or another key signed it.",
            todo="Do not rely on it; ask the sender to send it again.",
        )
    return public


def public_line(public: bytes, comment: str = "") -> str:
    """A public key on one line, as `ssh-keygen` reads it, without a line end.

    Args:
        public: 32 bytes.
        comment: whose it is; signs that would end the line are left out.
    """
    said = "".join(sign for sign in comment if sign.isprintable()).strip()
    return f"{KIND.decode()} {base64.b64encode(_blob(public)).decode()} {said}".rstrip()


def public_of(line: str) -> bytes:
    """The public key, 32 bytes, of its line.

    Raises:
        InvalidError: it is not one Ed25519 key on one line.
    """
    words = line.split(None, 2) if len(line) <= LONGEST and len(line.strip().splitlines()) == 1 else []
    if len(words) < 2 or words[0].encode() != KIND:
        raise _no_key()
    try:
        return _key(base64.b64decode(words[1], validate=True))
    except (ValueError, InvalidError) as error:
        raise _no_key() from error


def fingerprint(public: bytes) -> str:
    """What two people compare by telephone: `SHA256:` and 43 signs, as `ssh-keygen -l` prints it."""
    digest = hashlib.sha256(_blob(public)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _to_sign(namespace: bytes, message: bytes) -> bytes:
    parts = (namespace, b"", _HASH, hashlib.sha512(message).digest())
    return _MAGIC + b"".join(map(_string, parts))


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _blob(public: bytes) -> bytes:
    if len(public) != KEY_BYTES:
        raise InvalidError(f"A public key has {KEY_BYTES} bytes, not {len(public)}.")
    return _string(KIND) + _string(public)


def _dearmored(text: str) -> bytes:
    lines = text.split() if len(text) <= LONGEST else []
    whole = " ".join(lines)
    if not (whole.startswith(_BEGIN) and whole.endswith(_END)):
        raise _malformed("it does not stand between the lines that begin and end one")
    packed = whole[len(_BEGIN) : -len(_END)].replace(" ", "")
    try:
        found = base64.b64decode(packed, validate=True)
    except ValueError as error:
        raise _malformed("it is no base64") from error
    # the last sign has bits to spare: only one way of writing them is a signature, so that none can be changed unseen
    if base64.b64encode(found).decode() != packed:
        raise _malformed("it is no base64 as signatures are written")
    return found


def _parts(whole: bytes) -> tuple[int, bytes, bytes, bytes]:
    """Version, public key, namespace and the bare signature."""
    head = len(_MAGIC)
    if whole[:head] != _MAGIC or len(whole) < head + 4:
        raise _malformed("it does not begin as one")
    (version,) = struct.unpack(">I", whole[head : head + 4])
    blob, space, _reserved, digest, signature = _strings(whole[head + 4 :], 5)
    if digest != _HASH:
        raise _malformed("it is not over SHA-512")
    kind, raw = _strings(signature, 2)
    if kind != KIND or len(raw) != SIGNATURE_BYTES:
        raise _malformed("it is no Ed25519 signature")
    return version, _key(blob), space, raw


def _strings(data: bytes, count: int) -> list[bytes]:
    """So many strings with their lengths before them, and nothing after."""
    found = []
    for _ in range(count):
        if len(data) < 4:
            raise _malformed("it is cut off")
        (length,) = struct.unpack(">I", data[:4])
        if length > len(data) - 4:
            raise _malformed("it is cut off")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise _malformed("something follows it")
    return found


def _key(blob: bytes) -> bytes:
    kind, public = _strings(blob, 2)
    if kind != KIND or len(public) != KEY_BYTES:
        raise _malformed("it is not by an Ed25519 key")
    return public


def _fits(public: bytes, message: bytes, raw: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _malformed(why: str) -> InvalidError:
    return InvalidError(
        f"This is no SSH signature by an Ed25519 key: {why}.", todo="Ask the sender to send it again."
    )


def _no_key() -> InvalidError:
    return InvalidError(
        "This is no Ed25519 public key on one line.",
        todo="Give a line such as: ssh-ed25519 AAAA… name",
    )
