"""Counts what goes over one connection, and stops it where it is too much or too slow.

Owns the limits that hold while bytes come in: of headers, of the whole, and the least pace.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import httpcore

from selfcheck.sources.web.limits import Limits
from selfcheck.sources.web.outcomes import Outcome, Trouble


class Meter:
    """Counts one request: what was sent and received, and how fast. Sizes in bytes."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """Start with nothing counted, waiting for headers."""
        self.limits = limits
        self.sent = 0
        self.received = 0
        self.ended = False  # the other side closed, or the connection broke
        self.most = limits.headers  # how many bytes may be received, all in all
        self._in_headers = True
        self._clock = clock
        self._since = clock()
        self._before = 0

    def begin(self) -> None:
        """Measure the pace from now on: the request is about to leave."""
        self._since, self._before = self._clock(), self.received

    def expect_body(self, most: int) -> None:
        """Take it that the headers are over and a body of `most` bytes may follow."""
        self._in_headers = False
        # Frames of chunks and what came along with the headers lie outside the body.
        self.most = self.received + most + most // 8 + self.limits.headers

    def room(self) -> int:
        """Give how many bytes may be read next; raise Trouble where it is none."""
        if self.received < self.most:
            return self.most - self.received
        if self._in_headers:
            raise Trouble(
                Outcome.HEADERS_TOO_LARGE, f"its headers are over {self.limits.headers} bytes"
            )
        raise Trouble(Outcome.TOO_LARGE, f"more than {self.most} bytes came")

    def left(self) -> float:
        """Give the seconds until the pace is looked at; raise Trouble where it is too slow."""
        over = self._clock() - self._since
        if over < self.limits.rate_over:
            return self.limits.rate_over - over
        self.close_window()
        return self.limits.rate_over

    def close_window(self) -> None:
        """End the stretch over which the pace is measured; raise Trouble if it was too slow."""
        if self.received - self._before < self.limits.rate * self.limits.rate_over:
            raise Trouble(
                Outcome.TOO_SLOW,
                f"less than {self.limits.rate} bytes a second over {self.limits.rate_over:g} s",
            )
        self.begin()


class Metered(httpcore.AsyncNetworkStream):
    """A connection whose bytes are counted by a meter."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, meter: Meter) -> None:
        """Count what goes over `stream`."""
        self._stream = stream
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109, ARG002
        """Read what comes; the meter's limits hold and not the timeout."""
        most = min(max_bytes, self._meter.room())
        while True:
            try:
                data = await self._stream.read(most, timeout=self._meter.left())
            except httpcore.ReadTimeout:
                self._meter.close_window()
                continue
            except (httpcore.NetworkError, OSError) as error:
                self._meter.ended = True
                raise Trouble(Outcome.CUT_SHORT, "the connection broke") from error
            self._meter.received += len(data)
            self._meter.ended = not data
            return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write a request."""
        self._meter.begin()
        await self._stream.write(buffer, timeout)
        self._meter.sent += len(buffer)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Agree on TLS; raise Trouble where that fails, whatever the reason."""
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except (httpcore.NetworkError, OSError) as error:
            raise Trouble(Outcome.TLS_FAILED, _reason(error)) from error
        except httpcore.TimeoutException as error:
            raise Trouble(Outcome.TLS_FAILED, "agreeing on TLS took too long") from error
        return Metered(stream, self._meter)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 -- httpcore's interface
        """Ask the connection underneath."""
        return self._stream.get_extra_info(info)


def _reason(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate was not accepted: {cause.verify_message}"
    return "agreeing on TLS failed"
