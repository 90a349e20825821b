"""Mail beside other things, and two mailboxes of one name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, recognise
from selfcheck.model import Audience, Author, Context, Picture

Build = Callable[..., Documents]


def mailbox(path: str, subject: str) -> dict[str, object]:
    told = {"number": 1, "subject": subject, "address": "anna@example.org"}
    return {f"{path}/messages-1.json": {"messages": [told]}, f"{path}/1/1 a.jpg": None}


def captions(docs: Documents) -> list[tuple[int, str | None]]:
    found = recognise(docs).read(docs)
    return [(one.member.part, one.context.caption) for one in found if isinstance(one, Picture)]


def test_mail_in_a_folder_of_pictures_is_told_of(build: Build) -> None:
    docs = build({"b.jpg": None, **mailbox("old/a.eml", "Garden")})
    export = recognise(docs)
    assert export.name == "folder"
    (picture,) = (one for one in export.read(docs) if isinstance(one, Picture))
    assert (picture.context.platform, picture.context.caption) == ("Folder", "Garden")


def test_mail_in_a_takeout_is_told_of(build: Build) -> None:
    docs = build({"Takeout/archive_browser.html": b"", **mailbox("Takeout/Mail/a.mbox", "Garden")})
    assert recognise(docs).name == "google_takeout"
    assert captions(docs) == [(0, "Garden")]


def test_two_mailboxes_of_one_name_keep_their_own_words(build: Build) -> None:
    docs = build(mailbox("Mail/a.mbox", "first"), mailbox("Mail/a.mbox", "second"))
    assert captions(docs) == [(0, "first"), (1, "second")]


def context_of(build: Build, told: dict[str, object], path: str = "a.mbox") -> Context:
    owner = {"address": "me@x", "messages": 5}
    document = {"messages": [{"number": 1, **told}], "delivered_to": [owner]}
    docs = build({f"{path}/messages-1.json": document, f"{path}/1/1 a.jpg": None})
    (found,) = (one for one in recognise(docs).read(docs) if isinstance(one, Picture))
    return found.context


@pytest.mark.parametrize(
    ("told", "author"),
    [
        ({"address": "me@x", "labels": "Sent"}, Author.OWNER),
        ({"address": "me@x"}, Author.OWNER),
        ({"address": "me@x", "labels": "Spam"}, Author.UNKNOWN),  # anybody can write that
        ({"address": "bo@x", "labels": "Inbox"}, Author.OTHER),
    ],
)
def test_a_mail_is_the_owners_if_it_was_sent_and_not_if_it_says_so(
    build: Build, told: dict[str, object], author: Author
) -> None:
    assert context_of(build, told).author is author


@pytest.mark.parametrize(
    ("people", "audience"),
    [(0, Audience.UNKNOWN), (1, Audience.UNKNOWN), (2, Audience.DIRECT), (3, Audience.GROUP)],
)
def test_a_mail_whose_receivers_are_hidden_may_be_anybodys(
    build: Build, people: int, audience: Audience
) -> None:
    assert context_of(build, {"people": people}).audience is audience


def test_the_address_of_a_picture_in_a_web_archive_loses_what_lets_others_in(build: Build) -> None:
    told: dict[str, object] = {"page": "https://cdn.example.org/p.jpg?oh=SECRET"}
    assert context_of(build, told, "a.warc").permalink == "https://cdn.example.org/p.jpg"
