"""What the command and its page's server tell each other, and in which bytes.

Not pickled: the server reads what strangers send it, and must not be able to run anything in the
process that holds the key.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a message is about."""

    SHOW = "show"  # to the server: what the page shows from now on
    NEXT = "next"  # to the server: one of the pictures was taken in
    PICTURE = "picture"
    TROUBLE = "trouble"  # the page cannot use the camera
    ANSWER = "answer"  # to what is shown, by its number
    SEEN = "seen"  # the page has got what is shown last
    CLOSED = "closed"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `number` is a cue's; `last` says that nothing will be shown after it."""

    kind: Kind
    number: int = 0
    seconds: float = 0.0
    last: bool = False
    body: bytes = field(default=b"", repr=False)


def written(message: Message) -> bytes:
    """Write a message: a line of JSON, then its body as it is."""
    head = {
        "kind": message.kind.value,
        "number": message.number,
        "seconds": message.seconds,
        "last": message.last,
    }
    return json.dumps(head).encode() + b"\n" + message.body


def read(data: bytes) -> Message:
    """Read a message; ValueError for anything that `written` does not write."""
    head, newline, body = data.partition(b"\n")
    found = json.loads(head)
    match found:
        case {
            "kind": str(kind),
            "number": int(number),
            "seconds": int() | float() as seconds,
            "last": bool(last),
        } if newline and number >= 0 and seconds >= 0 and math.isfinite(seconds):
            return Message(
                kind=Kind(kind), number=number, seconds=float(seconds), last=last, body=body
            )
        case _:
            raise ValueError("a message of another make")
