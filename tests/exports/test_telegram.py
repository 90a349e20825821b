"""Whose a picture of Telegram's is, and which documents are Telegram's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from export_fixtures import Json, outcome

from selfcheck.exports import Documents, recognise
from selfcheck.exports.telegram import Telegram

Build = Callable[..., Documents]
PHOTO = "photos/photo_1@01-01-2026_00-00-00.jpg"
OWNER = {"user_id": 1, "first_name": "Ana", "last_name": "Example"}


def account(message: Json, *, owner: Json = OWNER) -> Json:
    told = {"id": 1, "type": "message", "date_unixtime": "1767225600", "photo": PHOTO, **message}
    chat = {"name": "Bo", "type": "personal_chat", "id": 2, "messages": [told]}
    head = {"personal_information": owner} if owner else {}
    return {"about": "…", **head, "chats": {"about": "…", "list": [chat]}}


@pytest.mark.parametrize(
    ("message", "author", "name"),
    [
        ({"from": "Ana Example", "from_id": "user1"}, "owner", None),
        ({"from": "Bo", "from_id": "user2"}, "somebody else", "Bo"),
        (
            {"from": "Ana Example", "from_id": "user1", "forwarded_from": "Cy"},
            "somebody else",
            "Cy",
        ),
        # Somebody else may have that name, and whoever hides is anybody.
        ({"from": "Bo", "from_id": "user2", "forwarded_from": "Ana Example"}, None, None),
        ({"from": "Ana Example", "from_id": "user1", "forwarded_from": None}, None, None),
        ({"from": "Ana's walks", "from_id": "channel9"}, None, None),
        ({"from": None, "from_id": None}, None, None),
    ],
)
def test_a_picture_is_from_whoever_sent_it_first(
    build: Build, message: Json, author: str | None, name: str | None
) -> None:
    docs = build({"X/result.json": account(message), f"X/{PHOTO}": None})
    (found,) = outcome(Telegram(), docs)["pictures"]
    assert (found.get("author"), found.get("author_name")) == (author, name)


def test_an_account_that_tells_nothing_of_its_owner_is_read_all_the_same(build: Build) -> None:
    told = account({"from": "Bo", "from_id": "user2"}, owner=None)
    people = [{"first_name": "Somebody", "phone_number": f"{n:012}"} for n in range(2000)]
    long = {"about": "…", "contacts": {"about": "…", "list": people}, "chats": told["chats"]}
    docs = build({"X/result.json": long, f"X/{PHOTO}": None})
    assert recognise(docs).name == "telegram"
    (found,) = outcome(Telegram(), docs)["pictures"]
    assert "author" not in found


def test_without_its_owner_an_export_tells_of_nobody(build: Build) -> None:
    told = account({"from": "Bo", "from_id": "user2", "forwarded_from": "Ana"}, owner=None)
    docs = build({"X/result.json": told, f"X/{PHOTO}": None})
    (found,) = outcome(Telegram(), docs)["pictures"]
    assert "author_name" not in found


PAGE = (
    '<div class="page_header"><div class="text bold">{title}</div></div>'
    '<div class="message default" id="message1"><div class="body"><div class="from_name">Bo</div>'
    '<a class="photo_wrap" href="photos/photo_1@01-01-2026_00-00-00.jpg"></a></div></div>'
)


def page(title: str) -> bytes:
    return PAGE.format(title=title).encode()


def test_a_chat_that_is_called_like_who_writes_in_it_is_no_album(build: Build) -> None:
    for title, album in (("Bo", None), ("Walks", "Walks")):
        docs = build({"X/messages.html": page(title), f"X/{PHOTO}": None})
        (found,) = outcome(Telegram(), docs)["pictures"]
        assert found.get("album") == album


def test_pages_are_read_unless_a_document_beside_or_above_them_tells_more(build: Build) -> None:
    docs = build(
        {
            "A/messages.html": page("Walks"),
            f"A/{PHOTO}": None,
            "B/result.json": account({}),
            "B/chats/chat_1/messages.html": page("Walks"),
            f"B/chats/chat_1/{PHOTO}": None,
        }
    )
    listed = {one["listed_in"] for one in outcome(Telegram(), docs)["pictures"]}
    assert listed == {"A/messages.html", "B/result.json"}


@pytest.mark.parametrize(
    "path",
    [
        "holiday/images/back.png",
        "site/images/media_beach.png",
        "Photos/IMG_1_thumb.jpg",
        "my/stickers/me.webp",
        "my/stickers/film.webm",
    ],
)
def test_no_rule_for_telegrams_own_files_leaves_anybody_elses_alone(path: str) -> None:
    assert Telegram().ignores(path) is None
