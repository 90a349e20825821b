"""The command's end of a page's server: starts the process, talks to it, and ends it.

Owns the process and the pipe; what is said is the page's.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from secrets import token_urlsafe
from threading import Lock

from selfcheck.errors import SelfcheckError
from selfcheck.web.line import Message, read, written
from selfcheck.web.listening import HOST, port_of

LARGEST_MESSAGE = 2 * 2**20
# Seconds in which a server ends by itself; then it is ended.
_LEAVING = 0.5
# A wait for the pipe is cut into pieces, because on Windows Ctrl-C does not end it.
_WAIT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a server is started with.

    listening: its socket. token: what the first page brings, once. idle: after how many seconds
    without a request it says that it is left alone. told: what a page learns as it comes in.
    """

    listening: socket.socket
    token: str = field(repr=False)
    idle: float
    told: Mapping[str, bool] = field(default_factory=dict)


Serve = Callable[[Order, Connection], None]


class PageServer:
    """A page's server in a process of its own, which ends with this one.

    serve: what that process does, a function of a module; only there it imports what it needs.
    """

    def __init__(
        self, serve: Serve, listening: socket.socket, *, idle: float, told: Mapping[str, bool]
    ) -> None:
        """Describe the server; `start` starts it."""
        self._serve = serve
        self._order = Order(listening=listening, token=token_urlsafe(32), idle=idle, told=told)
        self._pipe: Connection | None = None
        self._sending = Lock()  # what to show may come from another thread than what was taken in
        self._process: multiprocessing.process.BaseProcess | None = None
        # In the fragment: it is sent to nobody. While the browser starts, other accounts may read
        # it in the list of processes; whoever is first has the page, and it works once.
        self.address = f"http://{HOST}:{port_of(listening)}/#{self._order.token}"

    def start(self) -> None:
        """Start the process and hand the socket over; raise SelfcheckError where it cannot be."""
        try:
            self._begin()
        except OSError as error:
            raise SelfcheckError(
                "The page's server cannot be started.",
                hint="close other programs, then the same command again",
            ) from error

    def _begin(self) -> None:
        # It is spawned as `python -c`, which would look for its first modules in the folder the
        # user stands in: an unpacked archive there must not bring its own.
        os.environ["PYTHONSAFEPATH"] = "1"
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._pipe = ours
        process = context.Process(target=self._serve, args=(self._order, theirs), daemon=True)
        try:
            process.start()
            self._process = process
        finally:
            # Each end is held by one process only, so that each learns when the other is gone.
            theirs.close()
            self._order.listening.close()

    def send(self, message: Message) -> None:
        """Say something to the server; when it is gone, `receive` will tell."""
        assert self._pipe is not None, "start() comes first"
        with self._sending, contextlib.suppress(OSError):
            self._pipe.send_bytes(written(message))

    def receive(self, within: float | None = None) -> Message | None:
        """Wait for a message, so many seconds or for ever; None when the time is up.

        Raises EOFError when the server is gone, or says what it never says.
        """
        assert self._pipe is not None, "start() comes first"
        end = None if within is None else time.monotonic() + within
        try:
            while not self._pipe.poll(_WAIT if end is None else _before(end)):
                if end is not None and time.monotonic() >= end:
                    return None
            return read(self._pipe.recv_bytes(LARGEST_MESSAGE))
        except (OSError, ValueError) as error:
            raise EOFError from error

    def close(self) -> None:
        """End the process; nothing of it is left when this returns."""
        self._order.listening.close()
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            try:
                self._process.join(_LEAVING)
            finally:
                self._process.kill()
                self._process.join()


def _before(end: float) -> float:
    return max(0.0, min(_WAIT, end - time.monotonic()))
