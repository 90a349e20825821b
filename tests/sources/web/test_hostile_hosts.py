"""Hosts that send too much, too slowly, or nonsense: each ends as an outcome of its own."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import time
import zlib
from dataclasses import replace

import pytest
from sources.web.hosts import (
    PAGE,
    PICTURE,
    QUICK,
    Guest,
    Handler,
    Time,
    gives,
    hangs,
    head,
    says,
    visit,
    wanted,
)

from selfcheck.sources.reading import MIB
from selfcheck.sources.web import Kind, Outcome, Want

AT = "http://club.example/"
SHORT = replace(QUICK, deadline=0.3)


def outcome_of(handler: Handler, limits: object = QUICK, want: Want = Want.ADDRESS) -> Outcome:
    assert isinstance(limits, type(QUICK))
    return visit(wanted(AT, want), handler, limits=limits).fetched.outcome


def trickle(*pieces: bytes, every: float = 0.02) -> Handler:
    async def handler(guest: Guest) -> None:
        for piece in pieces:
            await guest.say(piece)
        while True:
            await guest.say(b"x")
            await asyncio.sleep(every)

    return handler


def endless(start: bytes, block: bytes) -> Handler:
    async def handler(guest: Guest) -> None:
        await guest.say(start)
        while True:
            await guest.say(block)

    return handler


# --- time ------------------------------------------------------------------------------


def test_a_host_that_never_answers_ends_at_the_deadline() -> None:
    began = time.monotonic()
    assert outcome_of(hangs, SHORT) is Outcome.DEADLINE
    assert time.monotonic() - began < 1


def test_headers_that_trickle_end_at_the_deadline() -> None:
    assert outcome_of(trickle(b"HTTP/1.1 200 OK\r\nX: "), SHORT) is Outcome.DEADLINE


def test_a_body_that_trickles_ends_at_the_deadline() -> None:
    handler = trickle(head(200, [("Content-Type", "text/html")]), PAGE)
    assert outcome_of(handler, SHORT) is Outcome.DEADLINE


def test_the_deadline_holds_for_all_redirects_together() -> None:
    places = itertools.count()

    async def late(guest: Guest) -> None:
        await asyncio.sleep(0.12)
        await guest.say(head(302, [("Location", f"/{next(places)}")]))

    began = time.monotonic()
    seen = visit(AT, late, limits=SHORT, time=Real())
    assert seen.fetched.outcome is Outcome.DEADLINE
    assert time.monotonic() - began < 1


class Real(Time):
    """A clock that goes, while sleeping still takes no time."""

    def __call__(self) -> float:
        return time.monotonic()


def test_a_body_slower_than_the_least_pace_is_too_slow() -> None:
    limits = replace(QUICK, rate_over=0.2, tries=1)
    handler = trickle(head(200, [("Content-Type", "text/html")]), PAGE)
    seen = visit(AT, handler, limits=limits, time=Real())
    assert seen.fetched.outcome is Outcome.TOO_SLOW


def test_silence_is_too_slow_and_asked_three_times() -> None:
    seen = visit(AT, hangs, limits=replace(QUICK, rate_over=0.1))
    assert seen.fetched.outcome is Outcome.TOO_SLOW
    assert [one.outcome for one in seen.fetched.requests] == [Outcome.TOO_SLOW] * 3


def test_a_slow_start_within_the_pace_is_waited_for() -> None:
    async def handler(guest: Guest) -> None:
        await asyncio.sleep(0.15)
        await guest.say(head(200, [("Content-Length", str(len(PAGE)))]), PAGE)

    seen = visit(AT, handler, limits=replace(QUICK, rate_over=0.1, rate=0, tries=1))
    assert seen.fetched.outcome is Outcome.OK


def test_a_fetch_that_is_broken_off_leaves_nothing_open() -> None:
    # `visit` compares what was opened with what was closed, after every way to end.
    for handler in (hangs, trickle(head(), PAGE)):
        seen = visit(AT, handler, stop_when_asked=True)
        assert (seen.all, seen.network.opened) == ((), 1)


# --- size ------------------------------------------------------------------------------


def test_an_endless_page_is_too_large() -> None:
    limits = replace(QUICK, page=MIB)
    seen = visit(AT, endless(head(), PAGE * 1000), limits=limits)
    assert seen.fetched.outcome is Outcome.TOO_LARGE
    assert seen.fetched.body == b""
    assert seen.fetched.requests[0].received < 2 * MIB


def test_an_endless_picture_may_be_larger_than_a_page_and_no_larger_than_a_picture() -> None:
    limits = replace(QUICK, page=10_000, picture=MIB)
    seen = visit(AT, endless(head(), PICTURE * 100), limits=limits)
    assert seen.fetched.outcome is Outcome.TOO_LARGE
    assert seen.fetched.requests[0].received > MIB


def test_a_declared_size_over_every_limit_is_refused_before_it_is_read() -> None:
    async def handler(guest: Guest) -> None:
        await guest.say(head(200, [("Content-Length", str(1 << 40))]))
        await hangs(guest)

    assert outcome_of(handler) is Outcome.TOO_LARGE


def test_a_declared_size_over_the_limit_of_its_kind_is_refused_at_its_first_bytes() -> None:
    async def handler(guest: Guest) -> None:
        await guest.say(head(200, [("Content-Length", str(11 * MIB))]), PAGE * 20)
        await hangs(guest)

    assert outcome_of(handler) is Outcome.TOO_LARGE


def test_a_film_is_fetched_where_the_user_gave_its_address_and_never_for_a_page() -> None:
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(5000)
    named = visit(wanted(AT, want=Want.PICTURE), gives(film)).fetched
    assert named.outcome is Outcome.TOO_LARGE
    assert outcome_of(gives(film), limits=replace(QUICK, film=4000)) is Outcome.TOO_LARGE
    seen = visit(AT, gives(film), limits=replace(QUICK, film=MIB)).fetched
    assert (seen.outcome, seen.kind, seen.body) == (Outcome.OK, Kind.FILM, film)


def test_ten_megabytes_of_headers_are_headers_too_large() -> None:
    one = b"X-Filler: " + b"f" * 1000 + b"\r\n"
    seen = visit(AT, says(b"HTTP/1.1 200 OK\r\n", one * 10_000, b"\r\n", PAGE))
    assert seen.fetched.outcome is Outcome.HEADERS_TOO_LARGE
    assert seen.fetched.requests[0].received <= QUICK.headers


def test_one_header_without_end_is_headers_too_large() -> None:
    handler = endless(b"HTTP/1.1 200 OK\r\nX: ", b"f" * 10_000)
    assert outcome_of(handler) is Outcome.HEADERS_TOO_LARGE


def test_interim_answers_without_end_are_headers_too_large() -> None:
    handler = endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
    assert outcome_of(handler) is Outcome.HEADERS_TOO_LARGE


def test_headers_within_the_limit_are_read() -> None:
    handler = says(
        b"HTTP/1.1 200 OK\r\nX: " + b"f" * 60_000 + b"\r\nContent-Length: 55\r\n\r\n", PAGE
    )
    assert outcome_of(handler) is Outcome.OK


def test_chunks_that_are_all_frame_and_no_body_are_too_large() -> None:
    chunked = head(200, [("Transfer-Encoding", "chunked")])
    handler = endless(chunked, (b"1;" + b"e" * 4000 + b"\r\n<\r\n") * 20)
    limits = replace(QUICK, page=100_000, picture=100_000)
    assert outcome_of(handler, limits) is Outcome.TOO_LARGE


def test_the_body_of_an_error_is_read_to_64_kib_only() -> None:
    seen = visit(AT, endless(head(500), PAGE * 100))
    assert seen.fetched.outcome is Outcome.HTTP_ERROR
    assert seen.fetched.requests[0].received < 300_000


def test_an_error_is_told_as_soon_as_64_kib_of_its_page_are_there() -> None:
    async def handler(guest: Guest) -> None:
        await guest.say(head(404), PAGE * 1300)
        await hangs(guest)

    assert outcome_of(handler, SHORT) is Outcome.GONE


# --- packed ----------------------------------------------------------------------------


def bomb(megabytes: int, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    block = PAGE.ljust(MIB)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("window", [31, 15, -15], ids=["gzip", "zlib", "bare deflate"])
def test_a_bomb_is_a_bomb_whatever_it_is_packed_with(window: int) -> None:
    way = "gzip" if window == 31 else "deflate"
    body = bomb(20, window)
    assert len(body) < 200_000
    limits = replace(QUICK, page=50 * MIB)
    assert outcome_of(gives(body, content_encoding=way), limits) is Outcome.BOMB


def test_what_unpacks_to_more_than_a_page_is_too_large_before_it_is_a_bomb() -> None:
    body = gzip.compress(b"".join(PAGE + str(n).encode() for n in range(50_000)))
    handler = gives(body, content_encoding="gzip")
    assert outcome_of(handler, replace(QUICK, page=MIB)) is Outcome.TOO_LARGE


def test_a_small_bomb_within_a_mebibyte_does_no_harm_and_is_read() -> None:
    body = gzip.compress(PAGE + b" " * 900_000)
    seen = visit(AT, gives(body, content_encoding="gzip")).fetched
    assert (seen.outcome, len(seen.body)) == (Outcome.OK, len(PAGE) + 900_000)


@pytest.mark.parametrize("way", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "aes128gcm"])
def test_packing_that_nobody_asked_for_is_named_and_not_unpacked(way: str) -> None:
    seen = visit(AT, gives(b"\x0b\x02\x80" * 200, content_encoding=way)).fetched
    assert seen.outcome is Outcome.UNASKED_ENCODING
    assert way.rpartition(" ")[2] in seen.detail


def test_damaged_packing_is_malformed() -> None:
    body = gzip.compress(PAGE * 50)
    broken = body[:20] + b"\xff\xff\xff\xff" + body[24:]
    assert outcome_of(gives(broken, content_encoding="gzip")) is Outcome.MALFORMED


def test_what_says_it_is_packed_and_is_not_is_malformed() -> None:
    assert outcome_of(gives(PAGE, content_encoding="gzip")) is Outcome.MALFORMED


def test_packing_without_its_end_is_cut_short() -> None:
    body = gzip.compress(PAGE * 50)
    assert outcome_of(gives(body[:-12], content_encoding="gzip")) is Outcome.CUT_SHORT


@pytest.mark.parametrize("window", [31, 15, -15], ids=["gzip", "zlib", "bare deflate"])
def test_sound_packing_is_unpacked(window: int) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, window)
    body = packer.compress(PAGE) + packer.flush()
    way = "gzip" if window == 31 else "deflate"
    assert visit(AT, gives(body, content_encoding=way)).fetched.body == PAGE


def test_gzip_in_two_members_is_one_page_and_what_follows_is_left() -> None:
    body = gzip.compress(PAGE) + gzip.compress(b"<p>more") + b"\0\0rubbish"
    assert visit(AT, gives(body, content_encoding="gzip")).fetched.body == PAGE + b"<p>more"


def test_an_empty_body_that_says_it_is_packed_is_empty() -> None:
    seen = visit(AT, gives(b"", content_encoding="gzip")).fetched
    assert (seen.outcome, seen.kind) == (Outcome.NOT_AN_IMAGE, Kind.EMPTY)


# --- nonsense --------------------------------------------------------------------------


def test_a_body_shorter_than_it_says_is_cut_short() -> None:
    handler = says(head(200, [("Content-Length", "5000")]), PAGE)
    assert outcome_of(handler) is Outcome.CUT_SHORT


def test_a_body_longer_than_it_says_is_read_as_far_as_it_says() -> None:
    handler = says(head(200, [("Content-Length", "55")]), PAGE * 2)
    assert visit(AT, handler).fetched.body == PAGE


def test_chunks_without_their_end_are_cut_short() -> None:
    handler = says(head(200, [("Transfer-Encoding", "chunked")]), b"5\r\n<html\r\n")
    assert outcome_of(handler) is Outcome.CUT_SHORT


@pytest.mark.parametrize("garbage", [b"zz\r\n<html\r\n", b"-1\r\n", b"5\r\n<htmlXX", b"f" * 300])
def test_chunks_of_garbage_are_malformed(garbage: bytes) -> None:
    handler = trickle(head(200, [("Transfer-Encoding", "chunked")]), garbage + b"\r\n" * 3)
    assert outcome_of(handler) is Outcome.MALFORMED


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 9999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"\0" * 100 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_malformed(answer: bytes) -> None:
    assert outcome_of(says(answer)) is Outcome.MALFORMED


def test_a_connection_closed_without_a_word_is_cut_short() -> None:
    assert outcome_of(says()) is Outcome.CUT_SHORT


def test_an_address_nobody_listens_at_is_unreachable_after_three_tries() -> None:
    seen = visit("http://club.example:81/", gives(PAGE))
    assert seen.fetched.outcome is Outcome.UNREACHABLE
    assert len(seen.fetched.requests) == 3
    assert all(one.sent == 0 for one in seen.fetched.requests)


def test_a_name_nobody_knows_is_not_asked_again() -> None:
    seen = visit(AT, gives(PAGE), names={"club.example": [[]]})
    assert seen.fetched.outcome is Outcome.DNS_FAILED
    assert seen.names.asked == ["club.example"]
