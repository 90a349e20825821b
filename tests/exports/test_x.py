"""Single quirks of X's archive that its fixtures do not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.x import X
from selfcheck.model import Audience, Author, Context, Picture

Build = Callable[..., Documents]


def tweet(**told: object) -> dict[str, object]:
    photo = {"type": "photo", "media_url_https": "https://pbs.twimg.com/media/A1.jpg"}
    return {"tweet": {"id_str": "77", "extended_entities": {"media": [photo]}, **told}}


def context(build: Build, post: object, files: dict[str, object] | None = None) -> Context:
    script = {"$script": "window.YTD.tweets.part0 = ", "json": [post]}
    docs = build({"data/tweets.js": script, "data/tweets_media/77-A1.jpg": None, **(files or {})})
    (found,) = X().read(docs)
    assert isinstance(found, Picture)
    return found.context


@pytest.mark.parametrize("pair", [["46.6", "13.1"], ["13.1", "46.6"], ["46.6"], [], None, ["a"]])
def test_point_whose_order_is_not_sure_is_no_place(build: Build, pair: object) -> None:
    told = context(build, tweet(coordinates={"coordinates": pair}))
    assert told.place is None


def test_without_account_file_neither_author_nor_audience_is_guessed(build: Build) -> None:
    photo = {"media_url": "http://pbs.twimg.com/media/A1.jpg", "source_user_id_str": "5"}
    told = context(build, tweet(extended_entities={"media": [photo]}))
    assert (told.author, told.audience) == (Author.UNKNOWN, Audience.UNKNOWN)
    assert told.permalink == "https://x.com/i/web/status/77"


def test_two_archives_in_one_tree_leave_handle_and_audience_open(build: Build) -> None:
    def account(number: str) -> object:
        told = [{"account": {"accountId": number, "username": f"ana{number}"}}]
        return {"$script": "window.YTD.account.part0 = ", "json": told}

    history = b"window.YTD.protected_history.part0 = "
    files: dict[str, object] = {
        "one/data/account.js": account("1"),
        "two/data/account.js": account("2"),
        "one/data/protected-history.js": history + b"[]",
        "two/data/protected-history.js": history + b'{"protectedHistory":{"action":"Protect"}}',
    }
    told = context(build, tweet(), files)
    assert told.permalink == "https://x.com/i/web/status/77"
    assert (told.author, told.audience) == (Author.OWNER, Audience.UNKNOWN)


def test_other_scripts_of_the_same_names_are_no_archive(build: Build) -> None:
    assert not X().claims(build({"assets/tweet.js": b"const a = 1;", "account.js": b"[]"}))
    assert not X().claims(build({"manifest.js": OSError("gone")}))


def test_pages_that_show_the_archive_are_not_read(build: Build) -> None:
    docs = build({"assets/js/tweets.js": b"export default function(){}", "assets/profile.js": b""})
    assert list(X().read(docs)) == []
    assert docs.troubles == ()
