"""How long a connection is waited for."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from selfcheck.web import listener
from selfcheck.web.connections import Connection, server
from selfcheck.web.listening import port_of


class Hasty(Connection):
    """A connection that is waited for a moment."""

    patience = 0.15


async def _hello(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def _hung_up_after(sent: bytes) -> list[bytes]:
    """Send something, then nothing, and give the lines that came until the server hung up."""
    listening = listener()
    port = port_of(listening)
    serving = server(_hello, [], Hasty)
    task = asyncio.create_task(serving.serve(sockets=[listening]))
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        received = await asyncio.wait_for(reader.read(), 3)
        writer.close()
        return received.splitlines()
    finally:
        serving.should_exit = True
        await task


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf",
    ],
)
def test_connection_without_a_whole_request_is_closed(sent: bytes) -> None:
    assert asyncio.run(_hung_up_after(sent)) == []


def test_connection_that_asks_once_and_then_half_is_closed() -> None:
    whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    assert asyncio.run(_hung_up_after(whole + b"GET / HT"))[0] == b"HTTP/1.1 204 No Content"


def test_connection_that_goes_on_asking_is_kept() -> None:
    async def asked_often() -> int:
        listening = listener()
        port = port_of(listening)
        serving = server(_hello, [], Hasty)
        task = asyncio.create_task(serving.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answers = 0
        for _ in range(8):
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answers += b"204" in await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.06)
        writer.close()
        serving.should_exit = True
        await task
        return answers

    assert asyncio.run(asked_often()) == 8


def test_connection_that_never_reads_its_answer_is_dropped() -> None:
    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 2**24})

    async def held() -> int:
        listening = listener()
        serving = server(large, [], Hasty)
        task = asyncio.create_task(serving.serve(sockets=[listening]))
        _, writer = await asyncio.open_connection("127.0.0.1", port_of(listening))
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(4 * Hasty.patience)
        left = len(serving.server_state.connections)
        writer.transport.abort()
        serving.should_exit = True
        await task
        return left

    assert asyncio.run(held()) == 0
