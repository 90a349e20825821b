"""The page of the review, as the command sees it: a question goes out, an answer comes in.

The server's process is handed the one picture that is shown, and nothing that could open another.
What is served is `review_relay`, in that process.
"""

from __future__ import annotations

import base64
import json
import socket
import time
from contextlib import ExitStack
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from selfcheck.errors import SelfcheckError
from selfcheck.web.line import Kind, Message
from selfcheck.web.server import Order, PageServer

# Values only; and not even these in the server's process.
if TYPE_CHECKING:
    from selfcheck.flows.asking import Answer, Question, Tally

# How long the page may take to fetch what is shown last.
_FAREWELL = 1.4
IDLE = 900.0  # seconds: a picture may need thought, and a page that was left must not stay open


class ReviewPage:
    """A page in the user's browser that shows one picture at a time and sends answers.

    One window only. A page that is loaded again goes on; one that is closed, or not used for a
    quarter of an hour, ends the review.
    """

    def __init__(self, listener: socket.socket, *, idle: float = IDLE) -> None:
        """Take over a socket that listens; the server starts on entering."""
        self._server = PageServer(_serve, listener, idle=idle, told={})
        self._number = 0
        self._gone = False

    @property
    def address(self) -> str:
        """Give what to open in the browser; it works once."""
        return self._server.address

    def __enter__(self) -> Self:
        """Start the server; the page waits for the first question."""
        with ExitStack() as undo:
            undo.callback(self._server.close)
            self._server.start()
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server."""
        self._server.close()

    def ask(self, question: Question) -> Answer:
        """Show a question and wait for its answer; a page that is gone means to stop."""
        from selfcheck.flows.asking import Answer

        self._show(_told(question))
        while not self._gone:
            message = self._received()
            match message.kind:
                case Kind.ANSWER:
                    word = message.body.decode("ascii", "replace")
                    # What was meant for another picture, or is no answer, counts for nothing.
                    if message.number == self._number and word in list(Answer):
                        return Answer(word)
                case Kind.CLOSED | Kind.IDLE:
                    self._gone = True
                case _:
                    pass
        return Answer.STOP

    def tell(self, tally: Tally) -> None:
        """Show how the review ended, once the page has had time to fetch that."""
        self._show({"view": "over", "tally": _counts(tally)}, last=True)
        end = time.monotonic() + _FAREWELL
        try:
            while not self._gone and (left := end - time.monotonic()) > 0:
                message = self._server.receive(left)
                if message is None or message.kind in (Kind.SEEN, Kind.CLOSED, Kind.IDLE):
                    return
        except EOFError:
            return

    def _show(self, told: dict[str, object], *, last: bool = False) -> None:
        self._number += 1
        body = json.dumps({**told, "number": self._number}).encode()
        self._server.send(Message(kind=Kind.SHOW, number=self._number, last=last, body=body))

    def _received(self) -> Message:
        try:
            message = self._server.receive()
            assert message is not None, "it waits for as long as it takes"
        except EOFError as error:
            raise SelfcheckError(
                "The page's server ended by itself.",
                hint="run the command again; what was decided is kept",
            ) from error
        return message


def _told(question: Question) -> dict[str, object]:
    """Write down what the page shows: the picture, what is said of it, how far the review is."""
    return {
        "view": "picture" if question.picture else "end",
        "picture": base64.b64encode(question.picture).decode(),
        "facts": [[fact.name, fact.text] for fact in question.facts],
        "place": question.place,
        "total": question.total,
        "undo": question.undo.value if question.undo else "",
        "before": question.before.value if question.before else "",
        "tally": _counts(question.tally),
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "me": tally.me,
        "not_me": tally.not_me,
        "unsure": tally.unsure,
        "left": tally.left,
    }


def _serve(order: Order, pipe: Connection) -> None:
    """Make this process the server of the review's page."""
    from selfcheck.web import review_relay, serving

    serving.run(order, pipe, review_relay.ReviewRelay)
