"""The page of the live check, as the command sees it: pictures come in, cues go out.

Owns no check and no words. What is served is `relay`, in a process of its own.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from selfcheck.errors import SelfcheckError, VerificationFailed
from selfcheck.web.line import Kind, Message
from selfcheck.web.server import Order, PageServer
from selfcheck.web.troubles import CameraTrouble

# `identity` is imported where it is used: the server's process comes by here, and what could
# open a profile is not even loaded there.
if TYPE_CHECKING:
    from selfcheck.identity.cue import Cue, Shot

# How long the page may take to fetch what is shown last.
_FAREWELL = 1.4
_AGAIN = "run the command again and keep the page open until it says that you can close it"


class CameraPage:
    """A page in the user's browser that sends the camera's pictures and shows cues.

    One window only: a second one, and one loaded again after the first picture came, says that
    the check is open elsewhere and to run the command again. Before the first picture a page may
    be loaded again, which some browsers need after the camera was allowed.
    """

    def __init__(
        self, listener: socket.socket, *, colours: bool = True, idle: float = 300.0
    ) -> None:
        """Take over a socket that listens; the server starts on entering.

        colours: whether the check shows them, and the page warns of them. idle: seconds without
        any request after which the page counts as left.
        """
        self._server = PageServer(_serve, listener, idle=idle, told={"colours": colours})
        self._last: Cue | None = None
        self._seen = False  # the page has got the last cue
        self._trouble: CameraTrouble | None = None

    @property
    def address(self) -> str:
        """Give what to open in the browser; it works once."""
        return self._server.address

    def __enter__(self) -> Self:
        """Start the server, which shows where to put the face."""
        from selfcheck.identity.cue import Cue, Phase

        with ExitStack() as undo:
            undo.callback(self._server.close)
            self._server.start()
            self.show(Cue(phase=Phase.PLACE))
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server, once the page had time to fetch what was shown last."""
        try:
            if self._over and (kind is None or issubclass(kind, Exception)):
                self._say_farewell()
        finally:
            self._server.close()

    def show(self, cue: Cue) -> None:
        """Show a cue from now on; the page gets it with the answer to its next picture."""
        from selfcheck.web.wording import told

        self._last = cue
        last = cue.phase.over
        self._server.send(Message(kind=Kind.SHOW, number=cue.number, last=last, body=told(cue)))

    def frames(self) -> Iterator[Shot]:
        """Yield the camera's pictures as they come, the newest only where they come too fast.

        Ends when the page is gone after the last cue. Raises VerificationFailed when it was
        closed before, or not used for too long, and SelfcheckError when its server is gone.
        """
        while (message := self._received()) is not None:
            match message.kind:
                case Kind.PICTURE:
                    self._trouble = None
                    try:
                        yield self._shot(message)
                    finally:
                        self._server.send(Message(kind=Kind.NEXT))
                case Kind.CLOSED | Kind.IDLE if self._over:
                    return
                case Kind.CLOSED | Kind.IDLE:
                    raise self._gone(message.kind)
                case _:
                    self._note(message)

    @property
    def _over(self) -> bool:
        return self._last is not None and self._last.phase.over

    def _received(self) -> Message | None:
        try:
            return self._server.receive()
        except EOFError as error:
            raise SelfcheckError(
                "The page's server ended by itself.", hint="run the command again"
            ) from error

    def _shot(self, message: Message) -> Shot:
        from selfcheck.identity.cue import Shot

        newest = self._last.number if self._last else 0
        return Shot(data=message.body, seconds=message.seconds, cue=min(message.number, newest))

    def _note(self, message: Message) -> None:
        if message.kind is Kind.SEEN:
            self._seen = True
        elif message.kind is Kind.TROUBLE and message.body.decode("ascii", "replace") in list(
            CameraTrouble
        ):
            self._trouble = CameraTrouble(message.body.decode())

    def _gone(self, kind: Kind) -> VerificationFailed:
        if self._trouble is not None:
            return VerificationFailed(self._trouble.sentence, hint=self._trouble.hint)
        if kind is Kind.IDLE:
            return VerificationFailed("The page was not used for five minutes.", hint=_AGAIN)
        return VerificationFailed("The page was closed before the check was done.", hint=_AGAIN)

    def _say_farewell(self) -> None:
        end = time.monotonic() + _FAREWELL
        try:
            while not self._seen:
                message = self._server.receive(end - time.monotonic())
                if message is None or message.kind in (Kind.CLOSED, Kind.IDLE):
                    return
                self._note(message)
        except EOFError:
            return


def _serve(order: Order, pipe: Connection) -> None:
    """Make this process the server of the camera's page."""
    from selfcheck.web import relay, serving

    serving.run(order, pipe, relay.CameraRelay)
