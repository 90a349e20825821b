"""Where the profile's key is kept: the system's key store, a passphrase, or memory.

Owns which stores are trusted. Any program of the same user can read the system's store too.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Protocol

from selfcheck.errors import ProfileError, UsageError
from selfcheck.identity import sealed
from selfcheck.privacy.files import remove, write_atomically

SERVICE = "selfcheck"
SHORTEST_PASSPHRASE = 8  # NIST SP 800-63B-4, 3.1.1.2: the least for a memorised secret
# Stores that encrypt. keyring also finds plugins that write plain text, and chains of stores
# that may hand on to one of those, so each is named, module and class.
TRUSTED = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
)


class Ask(Protocol):
    """Asks the user for the passphrase."""

    def __call__(self, *, new: bool) -> str:
        """Ask, twice for a new one."""


class KeyStore(Protocol):
    """Keeps one 32-byte key under a profile's random id."""

    def put(self, profile_id: str, key: bytes) -> None:
        """Keep a key; raise ProfileError where that fails."""

    def get(self, profile_id: str) -> bytes | None:
        """Give the key, None if there is none; raise ProfileError if it cannot be unlocked."""

    def delete(self, profile_id: str) -> bool:
        """Destroy the key and say whether there was one."""


class Backend(Protocol):
    """The part of keyring's backends that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """Give what is stored."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete."""


class MemoryKeys:
    """Keys that end with the process: for the demo and for tests."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._keys: dict[str, bytes] = {}

    def put(self, profile_id: str, key: bytes) -> None:
        """Keep a key."""
        self._keys[profile_id] = key

    def get(self, profile_id: str) -> bytes | None:
        """Give the key, or None."""
        return self._keys.get(profile_id)

    def delete(self, profile_id: str) -> bool:
        """Destroy the key and say whether there was one."""
        return self._keys.pop(profile_id, None) is not None


class SystemKeys:
    """The operating system's key store, reached through keyring."""

    def __init__(self, backend: Backend) -> None:
        """Use this backend; `trusted_backend` finds one."""
        self._backend = backend

    def put(self, profile_id: str, key: bytes) -> None:
        """Keep a key under the profile's id."""
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, profile_id, base64.b64encode(key).decode())
        except KeyringError as error:
            raise _store_trouble(error) from error

    def get(self, profile_id: str) -> bytes | None:
        """Give the key, None if there is none."""
        from keyring.errors import KeyringError

        try:
            stored = self._backend.get_password(SERVICE, profile_id)
        except KeyringError as error:
            raise _store_trouble(error) from error
        if stored is None:
            return None
        try:
            key = base64.b64decode(stored, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != sealed.KEY_BYTES:
            raise ProfileError(
                "The profile's entry in this computer's key store is damaged.",
                hint="selfcheck forget, then selfcheck enroll PHOTO... again",
            )
        return key

    def delete(self, profile_id: str) -> bool:
        """Destroy the key and say whether there was one."""
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            if self._backend.get_password(SERVICE, profile_id) is None:
                return False
            self._backend.delete_password(SERVICE, profile_id)
        except PasswordDeleteError:
            return False
        except KeyringError as error:
            raise _store_trouble(error) from error
        return True


class PassphraseKeys:
    """A key in a file of its own, encrypted under a passphrase through argon2id.

    Deleting the file destroys the key; changing the passphrase is `put` with the same key.
    """

    def __init__(self, path: Path, ask: Ask, *, cost: sealed.Cost | None = None) -> None:
        """Keep the key at `path`; ask for the passphrase only when it is needed."""
        self._path = path
        self._ask = ask
        self._cost = cost

    def put(self, profile_id: str, key: bytes) -> None:
        """Ask for a new passphrase and write the key encrypted under it."""
        passphrase = self._ask(new=True)
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise UsageError(
                f"A passphrase needs at least {SHORTEST_PASSPHRASE} characters.",
                hint="take four or five words that do not belong together",
            )
        data = sealed.seal_with_passphrase(
            passphrase, key, _purpose(profile_id), subject=profile_id, cost=self._cost
        )
        write_atomically(self._path, data)

    def get(self, profile_id: str) -> bytes | None:
        """Ask for the passphrase and give the key, None if no key is kept for this profile."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ProfileError(
                f"The key file {self._path} cannot be read: {error.strerror or error}.",
                hint="check who owns the file",
            ) from error
        header = sealed.read_header(data)
        if header.subject != profile_id:
            return None
        if header.kdf is not sealed.Kdf.ARGON2ID or not header.cost.bearable:
            raise ProfileError(
                "The key file asks for more work than any of ours: it was changed.",
                hint="selfcheck forget, then selfcheck enroll PHOTO... again",
            )
        try:
            return sealed.unseal_with_passphrase(self._ask(new=False), data, _purpose(profile_id))
        except ProfileError:
            raise ProfileError(
                "The passphrase is another, or the key file is damaged.",
                hint="try once more; without the passphrase: selfcheck forget and enroll again",
            ) from None

    def delete(self, profile_id: str) -> bool:
        """Destroy the key: without this file nothing opens, whatever the passphrase."""
        del profile_id  # one profile, one key file
        return remove(self._path)


def choose_keys(profile: Path, *, ask: Ask) -> KeyStore:
    """Choose the store: a key file beside the profile if there is one, else the system's store.

    Where the system has no store that encrypts, a passphrase takes its place.
    """
    path = key_file(profile)
    if path.exists():
        return PassphraseKeys(path, ask)
    backend = trusted_backend()
    return PassphraseKeys(path, ask) if backend is None else SystemKeys(backend)


def key_file(profile: Path) -> Path:
    """Name the file that holds the key where a passphrase protects it."""
    return profile.with_name("key")


def trusted_backend() -> Backend | None:
    """Find the system's key store among those that encrypt; None on a machine without."""
    from keyring.backend import get_all_keyring

    found = {f"{type(one).__module__}.{type(one).__qualname__}": one for one in get_all_keyring()}
    return next((found[name] for name in TRUSTED if name in found), None)


def _purpose(profile_id: str) -> str:
    return f"key:{profile_id}"


def _store_trouble(error: Exception) -> ProfileError:
    return ProfileError(
        f"This computer's key store did not answer ({type(error).__name__}).",
        hint="unlock it (log in to the desktop, open the keychain) and try again",
    )
