"""The files of a handover as one zip file that is the same, byte for byte, whenever it is made of the same."""

import hashlib
import io
import stat
import zipfile
from collections.abc import Callable, Mapping

from workbench.domain import sshsig

CASE, PAGE, LOG, README = "case.json", "case.html", "log.jsonl", "README.txt"
SIGNER, ALLOWED = "signer.pub", "allowed_signers"
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SUMMED = (CASE, PAGE, LOG, README, SIGNER, ALLOWED)
"""Files whose sums stand in SHA256SUMS, in that order."""
NAMES = (*SUMMED, SUMS, SIGNATURE)
"""Every file of a bundle, in the order in which they stand in it."""
_THEN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file knows: when it was made stands in what it holds."""


def with_signer(files: Mapping[str, bytes], public: bytes, who: str) -> dict[str, bytes]:
    """The files, and the key that will sign them: as it is, and as `ssh-keygen -Y verify` wants it.

    Args:
        files: names to bytes.
        public: the signer's public key, 32 bytes.
        who: the signer's user name, without spaces.
    """
    line = sshsig.public_line(public, who)
    allowed = f'{who} namespaces="{sshsig.NAMESPACE}" {sshsig.public_line(public)}'
    return {**files, SIGNER: f"{line}\n".encode(), ALLOWED: f"{allowed}\n".encode()}


def signed(files: Mapping[str, bytes], public: bytes, sign: Callable[[bytes], bytes]) -> dict[str, bytes]:
    """The files with their sums, as `sha256sum -c` reads them, and the signature over these.

    Raises:
        KeyError: if one of the files that a bundle has is missing.
    """
    summed = sums({name: files[name] for name in SUMMED})
    made = {name: files[name] for name in SUMMED}
    made[SUMS] = summed
    made[SIGNATURE] = sshsig.armored(public, sign, summed).encode()
    return made


def sums(files: Mapping[str, bytes]) -> bytes:
    """A line for each file: its SHA-256, two spaces, its name."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return "".join(lines).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file of plain files without folders, that only their owner may read, and without a time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _THEN)
            entry.create_system = 3  # Unix, wherever it is made: so that the modes count
            entry.external_attr = (stat.S_IFREG | 0o600) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, data)
    return made.getvalue()
