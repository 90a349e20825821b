"""uvicorn, set up for one page: silent, patient only so long, and with our headers everywhere.

Imported in the server's process only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

# A browser holds six; the rest is room for those that are waited for in vain.
CONNECTIONS = 32


class Connection(H11Protocol):
    """One connection. Closed when it does not use its time."""

    # Seconds in which it must bring a whole request. A page brings twelve a second; one that
    # stays silent would hold a place for ever.
    patience = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count."""
        super().connection_made(transport)
        self._wait(None)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, with the headers that every answer carries."""
        del msg
        lines = [b"%s: %s" % header for header in self.config.encoded_headers]
        close = b"connection: close\r\ncontent-length: 0\r\n\r\n"
        self.transport.write(b"\r\n".join([b"HTTP/1.1 400 Bad Request", *lines, close]))
        self.transport.close()

    def _wait(self, before: RequestResponseCycle | None) -> None:
        self.loop.call_later(self.patience, self._look, before)

    def _look(self, before: RequestResponseCycle | None) -> None:
        # Closing waits until everything was read on the other side, which may never happen.
        if self.transport.is_closing() or self.cycle is before:
            self.transport.abort()
        else:
            self._wait(self.cycle)


class Server(uvicorn.Server):
    """A server that leaves signals to the command that started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them as they are."""
        yield


def server(
    app: ASGIApp, headers: Sequence[tuple[str, str]], connection: type[Connection] = Connection
) -> Server:
    """Make the server of an application; every answer carries the headers."""
    config = uvicorn.Config(
        app,
        http=connection,
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        headers=list(headers),
        workers=1,  # otherwise read from the environment
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
    )
    return Server(config)
