from __future__ import annotations

import base64
from pathlib import Path

import pytest
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from selfcheck.errors import ProfileError, UsageError
from selfcheck.identity import (
    KeyStore,
    MemoryKeys,
    PassphraseKeys,
    SystemKeys,
    choose_keys,
    key_file,
)
from selfcheck.identity.keys import TRUSTED
from selfcheck.identity.sealed import Cost

ID = "ab" * 16
KEY = bytes(range(32))
CHEAP = Cost(memory=64, iterations=1, lanes=1)


class Store:
    """The part of a keyring backend that is used."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class Locked:
    """A store that the user did not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("no")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("locked")


class Typing:
    """Somebody at the keyboard."""

    def __init__(self, passphrase: str = "four words or five") -> None:
        self.passphrase = passphrase
        self.asked: list[bool] = []

    def __call__(self, *, new: bool) -> str:
        self.asked.append(new)
        return self.passphrase


def stores(tmp_path: Path) -> tuple[KeyStore, ...]:
    return (
        MemoryKeys(),
        SystemKeys(Store()),
        PassphraseKeys(tmp_path / "key", Typing(), cost=CHEAP),
    )


def test_a_locked_store_is_one_clear_sentence() -> None:
    keys = SystemKeys(Locked())
    with pytest.raises(ProfileError, match="key store"):
        keys.get(ID)
    with pytest.raises(ProfileError, match="key store"):
        keys.put(ID, KEY)
    with pytest.raises(ProfileError, match="key store"):
        keys.delete(ID)


@pytest.mark.parametrize("stored", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_damaged_entry_of_the_store_is_said_to_be_one(stored: str) -> None:
    store = Store()
    store.set_password("selfcheck", ID, stored)
    with pytest.raises(ProfileError):
        SystemKeys(store).get(ID)


def test_a_wrong_passphrase_is_said_to_be_one(tmp_path: Path) -> None:
    PassphraseKeys(tmp_path / "key", Typing(), cost=CHEAP).put(ID, KEY)
    with pytest.raises(ProfileError) as caught:
        PassphraseKeys(tmp_path / "key", Typing("something else")).get(ID)
    assert "passphrase" in caught.value.sentence


def test_a_passphrase_of_a_few_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        PassphraseKeys(tmp_path / "key", Typing("secret")).put(ID, KEY)
    assert not (tmp_path / "key").exists()


def test_nobody_is_asked_for_a_passphrase_when_the_key_file_wants_hostile_work(
    tmp_path: Path,
) -> None:
    path, typing = tmp_path / "key", Typing()
    PassphraseKeys(path, typing, cost=CHEAP).put(ID, KEY)
    data = bytearray(path.read_bytes())
    data[10:14] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    with pytest.raises(ProfileError):
        PassphraseKeys(path, typing).get(ID)
    assert typing.asked == [True]


def test_a_key_file_of_another_make_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"x" * 200)
    with pytest.raises(ProfileError):
        PassphraseKeys(tmp_path / "key", Typing()).get(ID)


def test_the_key_file_of_another_profile_holds_no_key_for_this_one(tmp_path: Path) -> None:
    keys = PassphraseKeys(tmp_path / "key", Typing(), cost=CHEAP)
    keys.put(ID, KEY)
    assert keys.get("00" * 16) is None


def test_a_store_without_the_key_says_none(tmp_path: Path) -> None:
    for keys in stores(tmp_path):
        assert keys.get(ID) is None
        assert keys.delete(ID) is False


def test_every_store_gives_back_the_key_until_it_is_destroyed(tmp_path: Path) -> None:
    for keys in stores(tmp_path):
        keys.put(ID, KEY)
        assert keys.get(ID) == KEY
        assert keys.delete(ID) is True
        assert keys.get(ID) is None


def test_the_store_knows_the_profile_by_its_random_id_only() -> None:
    store = Store()
    SystemKeys(store).put(ID, KEY)
    assert list(store.kept) == [("selfcheck", ID)]


def test_a_new_passphrase_opens_what_the_old_one_no_longer_does(tmp_path: Path) -> None:
    old, new = Typing("the old passphrase"), Typing("the new passphrase")
    PassphraseKeys(tmp_path / "key", old, cost=CHEAP).put(ID, KEY)
    PassphraseKeys(tmp_path / "key", new, cost=CHEAP).put(ID, KEY)
    assert PassphraseKeys(tmp_path / "key", new).get(ID) == KEY
    with pytest.raises(ProfileError):
        PassphraseKeys(tmp_path / "key", old).get(ID)


def test_the_key_file_lies_beside_the_profile_and_is_chosen_when_it_is_there(
    tmp_path: Path,
) -> None:
    path = key_file(tmp_path / "profile")
    assert path.parent == tmp_path
    PassphraseKeys(path, Typing(), cost=CHEAP).put(ID, KEY)
    assert isinstance(choose_keys(tmp_path / "profile", ask=Typing()), PassphraseKeys)


def test_only_stores_that_encrypt_are_trusted() -> None:
    assert all(name.startswith("keyring.backends.") for name in TRUSTED)
    assert not any(word in name for name in TRUSTED for word in ("alt", "null", "chain", "fail"))
