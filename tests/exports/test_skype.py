"""Quirks of Skype's export that a fixture cannot show."""

from __future__ import annotations

from collections.abc import Callable

from selfcheck.exports import Documents
from selfcheck.exports.skype import Skype
from selfcheck.model import Author, Picture

Build = Callable[..., Documents]

_ME = "8:live:ana.example"


def test_of_several_sizes_of_a_file_the_largest_is_the_picture(build: Build) -> None:
    message = {"amsreferences": ["0-weu-d1-aaaa", 7, None], "from": _ME, "content": None}
    chat = {"id": "28:bot", "MessageList": [message, None, 3]}
    docs = build(
        {
            "messages.json": {"userId": _ME, "conversations": [chat]},
            "media/0-weu-d1-aaaa.1.jpg": b"12345",
            "media/0-weu-d1-aaaa.2.jpg": b"1234567",
        }
    )
    (found,) = Skype().read(docs)
    assert isinstance(found, Picture)
    assert found.member.path == "media/0-weu-d1-aaaa.2.jpg"
    assert (found.context.author, found.context.audience) == (Author.OWNER, "unknown")


def test_lists_of_messages_of_others_are_not_claimed(build: Build) -> None:
    assert not Skype().claims(build({"messages.json": {"messages": [], "conversations": []}}))
