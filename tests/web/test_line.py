"""What goes over the pipe, and what never becomes a message."""

from __future__ import annotations

import pickle

import pytest

from selfcheck.web.line import Kind, Message, read, written


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"nonsense",
        b"\xff\xfe\n",
        b'{"kind": "picture", "number": 1, "seconds": 0.5, "last": false}',
        b'{"kind": "invented", "number": 1, "seconds": 0.5, "last": false}\n',
        b'{"kind": "picture", "number": -1, "seconds": 0.5, "last": false}\n',
        b'{"kind": "picture", "number": 1.5, "seconds": 0.5, "last": false}\n',
        b'{"kind": "picture", "number": 1, "seconds": NaN, "last": false}\n',
        b'{"kind": "picture", "number": 1, "seconds": Infinity, "last": false}\n',
        b'{"kind": "picture", "number": 1, "seconds": -0.1, "last": false}\n',
        b'{"kind": "picture", "number": 1, "seconds": 0.1, "last": "no"}\n',
        pickle.dumps(Message(kind=Kind.PICTURE)),
    ],
)
def test_what_nobody_wrote_is_no_message(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- of whatever subclass
        read(data)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_is_read(kind: Kind) -> None:
    message = Message(kind=kind, number=7, seconds=1.25, last=True, body=b"\xff\xd8\n\n{}")
    assert read(written(message)) == message


def test_message_that_is_shown_hides_the_picture() -> None:
    assert "secret" not in repr(Message(kind=Kind.PICTURE, body=b"secret"))
