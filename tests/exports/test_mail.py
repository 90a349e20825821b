"""Mail beside other things, and two mailboxes of one name."""

from __future__ import annotations

from collections.abc import Callable

from selfcheck.exports import Documents, recognise
from selfcheck.model import Picture

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
