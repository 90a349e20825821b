from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import ProfileError
from selfcheck.identity import seal, unseal
from selfcheck.identity.sealed import (
    BLOCK,
    Cost,
    read_header,
    seal_with_passphrase,
    unseal_with_passphrase,
)

KEY = bytes(range(32))
SUBJECT = "cd" * 16
CHEAP = Cost(memory=64, iterations=1, lanes=1)
SEALED = seal(KEY, b"a face in numbers", "profile", subject=SUBJECT)
HEADER = len(SEALED) - BLOCK - 16


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 8 * len(SEALED) - 1))
def test_one_changed_bit_anywhere_does_not_open(bit: int) -> None:
    data = bytearray(SEALED)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProfileError):
        unseal(KEY, bytes(data), "profile")


def test_every_bit_of_the_header_counts() -> None:
    for bit in range(8 * HEADER):
        data = bytearray(SEALED)
        data[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProfileError):
            unseal(KEY, bytes(data), "profile")


@pytest.mark.parametrize("length", [0, 1, HEADER - 1, HEADER, HEADER + 16, len(SEALED) - 1])
def test_what_was_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(ProfileError):
        unseal(KEY, SEALED[:length], "profile")


def test_what_was_added_to_does_not_open() -> None:
    with pytest.raises(ProfileError):
        unseal(KEY, SEALED + b"\0", "profile")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(ProfileError):
        unseal(bytes(32), SEALED, "profile")


def test_a_key_of_another_length_does_not_open_it() -> None:
    with pytest.raises(ProfileError):
        unseal(KEY[:16], SEALED, "profile")


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(ProfileError):
        unseal(KEY, SEALED, "verification")


def test_what_a_passphrase_sealed_does_not_open_with_a_key() -> None:
    data = seal_with_passphrase("pass phrase", b"x", "key", subject=SUBJECT, cost=CHEAP)
    with pytest.raises(ProfileError):
        unseal(KEY, data, "key")
    with pytest.raises(ProfileError):
        unseal_with_passphrase("pass phrase", SEALED, "profile")


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_no_make_do_not_open(data: bytes) -> None:
    with pytest.raises(ProfileError):
        unseal(KEY, data, "profile")


@pytest.mark.parametrize(
    "cost",
    [
        Cost(memory=2**32 - 1, iterations=3, lanes=4),
        Cost(memory=2**20 + 1, iterations=3, lanes=4),
        Cost(memory=65536, iterations=11, lanes=4),
        Cost(memory=65536, iterations=2**32 - 1, lanes=4),
        Cost(memory=65536, iterations=3, lanes=255),
        Cost(memory=65536, iterations=3, lanes=0),
        Cost(memory=65536, iterations=0, lanes=4),
        Cost(memory=8, iterations=3, lanes=4),
        Cost(memory=0, iterations=0, lanes=0),
    ],
)
def test_a_header_that_asks_for_hostile_work_is_refused_before_any(cost: Cost) -> None:
    data = bytearray(seal_with_passphrase("pass phrase", b"x", "key", subject=SUBJECT, cost=CHEAP))
    struct.pack_into(">IIB", data, 10, cost.memory, cost.iterations, cost.lanes)
    assert read_header(bytes(data)).cost == cost
    with pytest.raises(ProfileError):
        unseal_with_passphrase("pass phrase", bytes(data), "key")


def test_a_cheaper_cost_written_into_the_header_does_not_open() -> None:
    data = bytearray(seal_with_passphrase("pass phrase", b"x", "key", subject=SUBJECT, cost=CHEAP))
    struct.pack_into(">I", data, 10, 32)
    with pytest.raises(ProfileError):
        unseal_with_passphrase("pass phrase", bytes(data), "key")


def test_another_passphrase_does_not_open_it() -> None:
    data = seal_with_passphrase("pass phrase", b"x", "key", subject=SUBJECT, cost=CHEAP)
    with pytest.raises(ProfileError):
        unseal_with_passphrase("pass phrasE", data, "key")


def test_a_passphrase_opens_it_in_either_normal_form() -> None:
    data = seal_with_passphrase("caf\u00e9 caf\u00e9", b"x", "key", subject=SUBJECT, cost=CHEAP)
    assert unseal_with_passphrase("cafe\u0301 cafe\u0301", data, "key") == b"x"


def test_the_default_cost_is_what_is_promised_and_bearable() -> None:
    assert Cost() == Cost(memory=64 * 1024, iterations=3, lanes=4)
    assert Cost().bearable


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=9000))
def test_what_was_sealed_opens_again(plain: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, "p"), "p") == plain


def test_lengths_are_hidden_in_steps_of_4_kib() -> None:
    sizes = {len(seal(KEY, bytes(n), "p")) for n in (0, 1, 100, 4092)}
    assert len(sizes) == 1
    assert len(seal(KEY, bytes(4093), "p")) == sizes.pop() + BLOCK


def test_the_same_is_never_sealed_the_same_way_twice() -> None:
    assert len({seal(KEY, b"x", "p") for _ in range(20)}) == 20


def test_the_subject_stands_in_clear() -> None:
    assert read_header(SEALED).subject == SUBJECT


def test_an_error_shows_nothing_of_what_was_sealed_and_no_key() -> None:
    with pytest.raises(ProfileError) as caught:
        unseal(bytes(32), SEALED, "profile")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
