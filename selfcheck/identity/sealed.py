"""Sealed bytes: encrypted, authenticated, padded, and bound to what they are for.

Owns the format at rest. Knows nothing of profiles; where keys come from is `keys`.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from selfcheck.errors import ProfileError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"selfchk\0"
VERSION = 1
KEY_BYTES = 32
# Sealed things come in steps of this size, so that their length tells next to nothing.
BLOCK = 4096
# Whatever is sealed is small (a profile, a verification, a crop): more is not ours.
LARGEST = 64 * 2**20
# In this order: the magic and the version, the kdf and its cost (KiB of memory, iterations,
# lanes), the subject, the salt, the nonce.
_HEADER = struct.Struct(">8sBBIIB16s16s12s")
_NO_SUBJECT = "0" * 32


class Kdf(IntEnum):
    """What turns the secret into the key of one sealing."""

    HKDF = 1  # from a random 32-byte key
    ARGON2ID = 2  # from a passphrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What argon2id spends on one passphrase (0.25 s on one core of 2026 by default)."""

    memory: int = 64 * 1024  # KiB
    iterations: int = 3
    lanes: int = 4

    @property
    def bearable(self) -> bool:
        """Say whether a planted file with this cost could not hang or starve the tool."""
        memory = 8 * self.lanes <= self.memory <= _MOST.memory
        iterations = 1 <= self.iterations <= _MOST.iterations
        return memory and iterations and 1 <= self.lanes <= _MOST.lanes


_MOST = Cost(memory=2**20, iterations=10, lanes=16)
_FREE = Cost(memory=0, iterations=0, lanes=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands in clear before the sealed bytes. All of it is authenticated."""

    kdf: Kdf
    cost: Cost
    subject: str  # 32 hex digits: whose it is, a random profile id
    salt: bytes = field(default_factory=lambda: os.urandom(16), repr=False)
    nonce: bytes = field(default_factory=lambda: os.urandom(12), repr=False)

    def pack(self) -> bytes:
        """Write the header as bytes."""
        cost, subject = self.cost, bytes.fromhex(self.subject)
        numbers = (VERSION, self.kdf, cost.memory, cost.iterations, cost.lanes)
        return _HEADER.pack(MAGIC, *numbers, subject, self.salt, self.nonce)


def seal(key: bytes, plain: bytes, purpose: str, *, subject: str = _NO_SUBJECT) -> bytes:
    """Encrypt bytes under a 32-byte key so that they open only for the same purpose.

    ChaCha20-Poly1305 with a key of its own for every call (HKDF-SHA256 over a fresh salt); the
    header and the purpose are authenticated; the plain bytes are padded to steps of 4 KiB.
    """
    header = Header(kdf=Kdf.HKDF, cost=_FREE, subject=subject)
    return _seal(header, _from_key(key, header, purpose), plain, purpose)


def unseal(key: bytes, data: bytes, purpose: str) -> bytes:
    """Decrypt what `seal` made; raise ProfileError for anything else, or any changed bit."""
    header = read_header(data)
    if header.kdf is not Kdf.HKDF:
        raise _damaged()
    return _unseal(header, _from_key(key, header, purpose), data, purpose)


def seal_with_passphrase(
    passphrase: str, plain: bytes, purpose: str, *, subject: str, cost: Cost | None = None
) -> bytes:
    """Encrypt bytes under a passphrase through argon2id; its cost stands in the header."""
    header = Header(kdf=Kdf.ARGON2ID, cost=cost or Cost(), subject=subject)
    return _seal(header, _from_passphrase(passphrase, header), plain, purpose)


def unseal_with_passphrase(passphrase: str, data: bytes, purpose: str) -> bytes:
    """Decrypt what `seal_with_passphrase` made; raise ProfileError otherwise.

    A header that asks for more than 1 GiB or ten iterations is refused before any work.
    """
    header = read_header(data)
    if header.kdf is not Kdf.ARGON2ID or not header.cost.bearable:
        raise _damaged()
    return _unseal(header, _from_passphrase(passphrase, header), data, purpose)


def read_header(data: bytes) -> Header:
    """Read what stands in clear; nothing of it is to be believed before the rest opened."""
    if not _HEADER.size < len(data) <= LARGEST:
        raise _damaged()
    magic, version, kdf, memory, iterations, lanes, subject, salt, nonce = _HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION or kdf not in tuple(Kdf):
        raise _damaged()
    cost = Cost(memory=memory, iterations=iterations, lanes=lanes)
    return Header(kdf=Kdf(kdf), cost=cost, subject=subject.hex(), salt=salt, nonce=nonce)


def _seal(header: Header, cipher: ChaCha20Poly1305, plain: bytes, purpose: str) -> bytes:
    clear = header.pack()
    return clear + cipher.encrypt(header.nonce, _padded(plain), clear + purpose.encode())


def _unseal(header: Header, cipher: ChaCha20Poly1305, data: bytes, purpose: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    clear, body = data[: _HEADER.size], data[_HEADER.size :]
    try:
        return _unpadded(cipher.decrypt(header.nonce, body, clear + purpose.encode()))
    except InvalidTag:
        # Without its cause: a traceback of it would hold the bytes.
        raise _damaged() from None


def _from_key(key: bytes, header: Header, purpose: str) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    if len(key) != KEY_BYTES:
        raise _damaged()
    derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=header.salt, info=purpose.encode())
    return ChaCha20Poly1305(derive.derive(key))


def _from_passphrase(passphrase: str, header: Header) -> ChaCha20Poly1305:
    import unicodedata

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = header.cost
    derive = Argon2id(
        salt=header.salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    # The same passphrase typed on another system may arrive in another normal form.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return ChaCha20Poly1305(derive.derive(typed))


def _padded(plain: bytes) -> bytes:
    whole = struct.pack(">I", len(plain)) + plain
    return whole + bytes(-len(whole) % BLOCK)


def _unpadded(whole: bytes) -> bytes:
    if len(whole) < 4 or len(whole) % BLOCK:  # noqa: PLR2004 -- the length's own four bytes
        raise _damaged()
    (length,) = struct.unpack_from(">I", whole)
    if length > len(whole) - 4:
        raise _damaged()
    return whole[4 : 4 + length]


def _damaged() -> ProfileError:
    return ProfileError(
        "What is stored does not open: it was changed, it is damaged, or the key is another.",
        hint="selfcheck forget, then selfcheck enroll PHOTO... again",
    )
