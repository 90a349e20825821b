"""Where a connection may go: checked when it is made, for every request anew."""

from __future__ import annotations

import asyncio
import socket

import pytest
from sources.web.hosts import PAGE, PUBLIC, address, gives, leads, visit, wanted

from selfcheck.sources.web import Outcome, Wanted
from selfcheck.sources.web.connecting import look_up
from selfcheck.sources.web.fetcher import Fetcher

AT = "http://club.example/"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "0",
        "[::ffff:127.0.0.1]",
    ],
)
def test_as_it_is_shipped_this_computer_is_not_connected_to(host: str) -> None:
    async def main() -> tuple[Outcome, int]:
        asked = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            asked += 1
            writer.transport.abort()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        fetched = await Fetcher().fetch(wanted(f"http://{host}:{port}/"))
        server.close()
        await server.wait_closed()
        return fetched.outcome, asked

    assert asyncio.run(main()) == (Outcome.BLOCKED_ADDRESS, 0)


@pytest.mark.parametrize(
    "to",
    [
        "127.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1%2",
        "not an address",
    ],
)
def test_a_name_that_leads_to_a_blocked_address_is_refused(to: str) -> None:
    seen = visit(AT, gives(PAGE), names={"club.example": [[to]]})
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
    assert seen.network.dialled == []


@pytest.mark.parametrize("answers", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC]])
def test_one_blocked_address_among_public_ones_refuses_the_host(answers: list[str]) -> None:
    seen = visit(AT, gives(PAGE), names={"club.example": [answers]})
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
    assert seen.network.dialled == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to() -> None:
    seen = visit(AT, gives(PAGE), names={"club.example": [[PUBLIC], ["127.0.0.1"]]})
    assert seen.fetched.outcome is Outcome.OK
    assert seen.names.asked == ["club.example"]
    assert seen.network.dialled == [(PUBLIC, 80)]


def test_a_name_that_leads_elsewhere_at_the_next_request_is_refused_then() -> None:
    seen = visit(AT, {"/": leads("/next")}, names={"club.example": [[PUBLIC], ["127.0.0.1"]]})
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
    assert [one.path for one in seen.asked] == ["/"]
    assert [one.outcome for one in seen.fetched.requests] == [
        Outcome.REDIRECTED,
        Outcome.BLOCKED_ADDRESS,
    ]
    assert seen.fetched.requests[1].sent == 0


def test_a_connection_that_went_to_another_address_is_closed_unused() -> None:
    seen = visit(AT, gives(PAGE), peer="127.0.0.1")
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
    assert (seen.network.opened, seen.network.closed, seen.asked) == (1, 1, [])


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://[64:ff9b::7f00:1]/",
        "http://inside.example/",
    ],
)
def test_a_redirect_to_a_blocked_address_is_not_followed(to: str) -> None:
    seen = visit(AT, {"/": leads(to)}, names={"inside.example": [["192.168.0.1"]]})
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
    assert len(seen.asked) == 1
    assert len(seen.fetched.chain) == 1


NAS = {"nas.example": [["192.168.1.5"]]}
ALLOWED = frozenset({"nas.example"})


def test_a_private_host_that_the_user_did_not_allow_is_refused() -> None:
    seen = visit("http://nas.example/", gives(PAGE), names=NAS)
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS


def test_a_private_host_is_not_allowed_to_what_another_hosts_page_names() -> None:
    ask = Wanted(address=address("http://nas.example/me.jpg"), page=address(AT))
    seen = visit(ask, gives(PAGE), names=NAS, private_hosts=ALLOWED)
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS


def test_a_page_on_a_private_host_that_the_user_allowed_may_name_its_own_pictures() -> None:
    ask = Wanted(address=address("http://nas.example/me"), page=address("http://nas.example/"))
    seen = visit(ask, gives(PAGE), names=NAS, private_hosts=ALLOWED)
    assert seen.fetched.outcome is Outcome.OK


def test_a_private_host_is_not_allowed_to_redirects_not_even_its_own() -> None:
    for start in ("http://nas.example/", AT):
        routes = {"/": leads("http://nas.example/next")}
        seen = visit(start, routes, names=NAS, private_hosts=ALLOWED)
        assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS
        assert len(seen.asked) == 1


def test_an_allowed_private_host_that_leads_to_a_clouds_secrets_is_refused() -> None:
    names = {"nas.example": [["169.254.169.254"]]}
    seen = visit("http://nas.example/", gives(PAGE), names=names, private_hosts=ALLOWED)
    assert seen.fetched.outcome is Outcome.BLOCKED_ADDRESS


def test_a_private_host_that_the_user_typed_and_allowed_is_asked() -> None:
    seen = visit("http://nas.example/", gives(PAGE), names=NAS, private_hosts=ALLOWED)
    assert seen.fetched.outcome is Outcome.OK


def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    names = {"club.example": [["2606:4700::1111", PUBLIC]]}
    seen = visit(AT, gives(PAGE), names=names, deaf=frozenset({"2606:4700::1111"}))
    assert seen.fetched.outcome is Outcome.OK
    assert [host for host, _ in seen.network.dialled] == ["2606:4700::1111", PUBLIC]


def test_the_systems_answers_keep_their_order_and_their_scope() -> None:
    class Loop(asyncio.SelectorEventLoop):
        async def getaddrinfo(self, *_: object, **__: object) -> list[object]:  # type: ignore[override]
            kind = (socket.AF_INET6, socket.SOCK_STREAM, 6, "")
            return [
                (*kind, ("fe80::1", 80, 0, 2)),
                (*kind, ("2606:4700::1", 80, 0, 0)),
                (*kind, (PUBLIC, 80)),
                (*kind, (PUBLIC, 80)),
            ]

    with asyncio.Runner(loop_factory=Loop) as runner:
        found = runner.run(look_up("club.example", 80))
    assert found == ("fe80::1%2", "2606:4700::1", PUBLIC)
