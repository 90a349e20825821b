"""Which post a file of Tumblr's belongs to, whose it is said to be, and what is no Tumblr."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.tumblr import Tumblr
from selfcheck.model import Author, Context, Picture

Build = Callable[..., Documents]

MEDIA = {"media/tumblr_abcdef_1280.jpg": None}


def pictures(docs: Documents) -> list[Picture]:
    return [one for one in Tumblr().read(docs) if isinstance(one, Picture)]


def only(docs: Documents) -> Context:
    (found,) = pictures(docs)
    return found.context


def saved(header: str, kind: str = "photo") -> bytes:
    image = "<img src=../media/tumblr_abcdef_1280.jpg>"
    return f"<article class={kind} id=p-123456>\n<header>{header}</header>{image}".encode()


@pytest.mark.parametrize(
    "files",
    [
        {"posts/123456.html": b"<p>a blog</p>", "media/1234567.jpg": None},
        {"posts/123456.html": b"<article id=p-1234567></article>"},
        {"posts/123456.html": OSError("gone")},
        {"html/123456.html": b"", "media/a.jpg": None},
    ],
)
def test_blogs_of_others_are_not_claimed(build: Build, files: dict[str, object]) -> None:
    assert not Tumblr().claims(build(files))


def test_posts_in_a_zip_of_their_own_are_found(build: Build) -> None:
    docs = build({"posts.zip/html/123456.html": b"<html>x", "media/123456.jpg": None})
    assert Tumblr().claims(docs)
    assert only(docs).caption == "x"


def test_two_exports_of_one_blog_keep_to_themselves(build: Build) -> None:
    old = {"old/posts/123456.html": b"<html>old", "old/media/123456.jpg": None}
    new = {"new/posts/123456.html": b"<html>new", "new/media/123456.jpg": None}
    found = [(one.member.path, one.context.caption) for one in pictures(build(old, new))]
    assert found == [("old/media/123456.jpg", "old"), ("new/media/123456.jpg", "new")]


def test_a_file_that_no_page_is_named_after_goes_by_the_page_that_shows_it(build: Build) -> None:
    page = b'<html><img src="media/654321.jpg">'
    docs = build({"posts/123456.html": page, "media/654321.jpg": None})
    assert only(docs).listed_in == "posts/123456.html"


def test_what_a_blog_reblogs_from_itself_is_not_said_to_be_anothers(build: Build) -> None:
    own = "<a href=https://ana.tumblr.com/post/123456>.</a>"
    first = "<a href=https://ana.tumblr.com/post/111111>⬈</a>"
    context = only(build({"posts/123456.html": saved(own + first)} | MEDIA))
    assert (context.author, context.permalink) == (
        Author.UNKNOWN,
        "https://ana.tumblr.com/post/123456",
    )


@pytest.mark.parametrize("host", ["blog.example.org", "www.tumblr.com", "[", "a:b@c:d"])
def test_a_reblog_whose_blog_has_no_name_is_nobodys(build: Build, host: str) -> None:
    first = f"<a href=https://{host}/post/111111>⬈</a>"
    assert only(build({"posts/123456.html": saved(first)} | MEDIA)).author is Author.UNKNOWN


@pytest.mark.parametrize(
    ("link", "permalink"),
    [
        ("https://www.tumblr.com/ana/123456/slug?x=1", "https://www.tumblr.com/ana/123456"),
        ("http://blog.example.org/post/123456#notes", "http://blog.example.org/post/123456"),
        ("https://ana.tumblr.com/post/1234567", None),
        ("https://example.org/ana/123456", None),
        ("javascript:/post/123456", None),
        ("https://[/post/123456", None),
        ("//ana.tumblr.com/post/123456", None),
    ],
)
def test_a_link_is_the_posts_own_if_it_holds_its_number(
    build: Build, link: str, permalink: str | None
) -> None:
    page = saved(f'<a href="{link}">.</a>')
    assert only(build({"posts/123456.html": page} | MEDIA)).permalink == permalink


def test_a_liked_post_does_not_tell_how_the_blog_is_called(build: Build) -> None:
    creator = '<a class=tumblr_blog href="https://bo.tumblr.com/">bo</a>'
    other = b"<article class=photo id=p-123457><img src=../media/tumblr_other__1280.jpg>"
    docs = build(
        {"posts/123456.html": saved(creator, "liked-photo"), "posts/123457.html": other}
        | MEDIA
        | {"media/tumblr_other__1280.jpg": None}
    )
    liked, own = pictures(docs)
    assert (liked.context.author_name, liked.context.album) == ("bo", "bo")
    assert (own.context.author, own.context.album) == (Author.UNKNOWN, None)
