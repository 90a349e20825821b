"""Web addresses are given on without what lets others in, and only those of pictures."""

from __future__ import annotations

import pytest

from selfcheck.exports.addresses import cleaned, is_picture, of_picture
from selfcheck.exports.google_products import web_address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://me:secret@a.example:8443/b.JPG?token=t#f", "https://a.example:8443/b.JPG"),
        (" http://a.example/film.mp4 ", "http://a.example/film.mp4"),
        ("https://[2001:db8::1]/a.png", "https://[2001:db8::1]/a.png"),
        ("https://a.example/page.html?picture=a.jpg", None),
        ("https://a.example/icon.svg", None),
    ],
)
def test_address_of_a_picture_is_given_without_tokens(address: str, expected: str | None) -> None:
    assert of_picture(address) == expected


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "data:image/png;base64,AA", "javascript:a.jpg", "file:///a.jpg", "https://"),
        *("https://[a.jpg", "https://a.example:x/b.jpg", "https://a.example/\u202e.jpg"),
        f"https://a.example/{'a' * 3000}.jpg",
    ],
)
def test_what_is_no_web_address_is_left_out(address: str | None) -> None:
    assert cleaned(address) is None


@pytest.mark.parametrize(
    "path",
    [
        *("xoxe-1-secret/a.png", "files/a.png/XOXP-12", "xoxe.xoxp-1-s/a.jpg"),
        *("xoxe%2D1-secret/a.png", "%78oxb-1/a.png", "xoxe%252d1/a.png", "xoxe%25252D1/a.png"),
    ],
)
def test_address_with_a_token_in_its_path_is_left_out(path: str) -> None:
    assert cleaned(f"https://files.slack.com/{path}") is None
    assert of_picture(f"https://files.slack.com/{path}") is None
    assert web_address(f"https://files.slack.com/{path}") is None


def test_name_that_only_begins_like_a_token_is_none() -> None:
    assert cleaned("https://a.example/xoxo-me.jpg") == "https://a.example/xoxo-me.jpg"


def test_files_count_as_pictures_by_their_names() -> None:
    assert [n for n in ("a.JPG", "b.cr2", "c.mov", "d.json", "jpg") if is_picture(n)] == [
        *("a.JPG", "b.cr2", "c.mov")
    ]
