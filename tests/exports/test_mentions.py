"""Addresses of pictures in a folder's documents: found in any of them, within bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, mentions
from selfcheck.exports.roster import Roster
from selfcheck.model import Member

Build = Callable[..., Documents]


def mentioned(docs: Documents) -> list[str]:
    return [
        found.address.removeprefix("https://a.example/") for found in mentions.read(docs, "Folder")
    ]


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("a.csv", "x,https://a.example/1.jpg,y\nhttps://a.example/2.png;z", ["1.jpg", "2.png"]),
        ("a.json", '{"u":"https:\\/\\/a.example\\/1.jpg?sig=s","v":"a.jpg"}', ["1.jpg"]),
        ("a.json", '"{\\"u\\":\\"https://a.example/1.jpg\\"}"', ["1.jpg"]),
        (
            "a.html",
            "<a href='https://a.example/1.mp4?a=b&amp;c=d'>x</a> (https://a.example/2.gif).",
            ["1.mp4", "2.gif"],
        ),
        ("a.htm", "<img src=https://a.example/1.jpg><img src=b.jpg>", ["1.jpg"]),
        ("a.html", "https://a.example/page https://a.example/ ftp://a.example/1.jpg", []),
        ("a.txt", "https://a.example/1.jpg", []),
    ],
)
def test_addresses_are_found(build: Build, name: str, written: str, expected: list[str]) -> None:
    assert mentioned(build({name: written.encode()})) == expected


@pytest.mark.parametrize("block", [1, 3, 40])
def test_an_address_across_two_blocks_is_one(
    build: Build, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(mentions, "_BLOCK", block)
    docs = build(
        {"a.html": b"<p>\xc3\xa9 https://a.example/one/two.jpg</p> https://a.example/3.png"}
    )
    assert mentioned(docs) == ["one/two.jpg", "3.png"]


def test_only_what_the_tree_does_not_hold_is_named_and_each_once(build: Build) -> None:
    page = b'"https://a.example/1.jpg" "https://a.example/2.jpg" "https://a.example/2.jpg"'
    assert mentioned(build({"a.html": page, "a_files/1.jpg": None})) == ["2.jpg"]


def test_no_address_holds_a_token(build: Build) -> None:
    written = (
        b'"https://files.slack.com/xoxe-1-secret/a.png" "https:\\/\\/a.example\\/xoxe%2D1\\/b.png"'
        b' "https://a.example/c.png?t=xoxe-1-secret"'
    )
    assert mentioned(build({"a.json": written})) == ["c.png"]


def test_bounds_hold(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "_MOST_ADDRESSES", 3)
    monkeypatch.setattr(mentions, "_BLOCK", 100)
    many = " ".join(f"https://a.example/{n}.jpg" for n in range(10)).encode()
    assert len(mentioned(build({"a.html": many}))) == 3
    monkeypatch.setattr(mentions, "_MOST_BYTES", 100)
    late = b"x" * 100 + b" https://a.example/1.jpg "
    assert mentioned(build({"a.html": late[-50:]})) == ["1.jpg"]
    assert mentioned(build({"a.html": late})) == []


def test_a_document_that_cannot_be_read_names_nothing(build: Build) -> None:
    assert mentioned(build({"a.html": OSError("gone")})) == []


def test_documents_are_looked_at_one_by_one(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = build({f"{n}.json": b'"https://a.example/x.jpg"' for n in range(1000)})
    made, make = [0], Roster._member

    def counted(roster: Roster, index: int) -> Member:
        made[0] += 1
        return make(roster, index)

    monkeypatch.setattr(Roster, "_member", counted)
    found = next(iter(mentions.read(docs, "Folder")))
    assert (found.context.listed_in, made) == ("0.json", [1])
