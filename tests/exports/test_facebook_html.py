"""Facebook's HTML is read by its structure, whatever the language, and never raises."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.facebook import Facebook
from selfcheck.model import Audience, Author, Context, Listed, Missing, Picture

from .test_contract import CASES, parts_of, read_through

Build = Callable[..., Documents]

POSTS = "your_facebook_activity/posts/your_posts_1.html"
THREAD = "your_facebook_activity/messages/inbox/x_1/message_1.html"
PHOTO = "your_facebook_activity/posts/media/x_123456/some_picture.jpg"
FOOT = '<footer class="_a6-o"><div class="_a72d">Oct 19, 2025 1:47:55 pm</div></footer>'


def shown(uri: str = PHOTO) -> str:
    return f'<div><a href="{uri}"><img src="{uri}"></a></div>'


def card(inside: str, heading: str = "Ana did it.") -> bytes:
    return f'<section class="_a6-g"><h2>{heading}</h2>{inside}{FOOT}</section>'.encode()


def read(build: Build, inside: str, **more: object) -> list[Listed]:
    return list(Facebook().read(build({POSTS: card(inside), PHOTO: None, **more})))


def only(found: list[Listed]) -> Context:
    (picture,) = found
    assert isinstance(picture, Picture)
    return picture.context


@pytest.mark.parametrize(
    "inside",
    [
        '<a href="https://example.org"><img src="https://external.fbcdn.net/a.jpg"></a>',
        '<img src="https://static.xx.fbcdn.net/rsrc.php/icon.png">',
        '<img src="data:image/png;base64,AAAA"><a href="data:image/png;base64,AAAA">x</a>',
        '<a href="your_facebook_activity/messages/inbox/x/files/letter.pdf">letter</a>',
        '<audio src="your_facebook_activity/messages/inbox/x/audio/voice_note_01.mp4"></audio>',
        '<video src="your_facebook_activity/messages/inbox/x/audio/voice_note_01.mp4"></video>',
        '<img src="your_facebook_activity/posts/media/stickers_used/sticker_number_1.webp">',
        '<img><a>x</a><img src=""><a href="#">top</a><img src="//host/a.jpg">',
    ],
)
def test_what_is_not_the_persons_picture_is_not_listed(build: Build, inside: str) -> None:
    assert read(build, inside) == []


@pytest.mark.parametrize(
    "uri",
    [
        f"../../{PHOTO}",
        PHOTO.replace("your_facebook_activity", "your_activity_across_facebook"),
        PHOTO.replace("some_picture", "some%5Fpicture"),
        f"{PHOTO}?x=1",
    ],
)
def test_picture_is_found_wherever_its_link_seems_to_lead(build: Build, uri: str) -> None:
    assert isinstance(read(build, shown(uri))[0], Picture)


def test_document_that_is_there_as_json_too_is_read_once(build: Build) -> None:
    post = {"timestamp": 5, "attachments": [{"data": [{"media": {"uri": PHOTO}}]}]}
    found = read(build, shown(), **{POSTS.replace(".html", ".json"): [post]})
    assert only(found).listed_in == POSTS.replace(".html", ".json")


@pytest.mark.parametrize(
    ("link", "permalink"),
    [
        ("https://www.facebook.com/ana/posts/5", "https://www.facebook.com/ana/posts/5"),
        (
            "https://www.facebook.com/dyi/l/?l=https%3A%2F%2Fm.facebook.com%2Fa%2Fposts%2F5&s=1",
            "https://m.facebook.com/a/posts/5",
        ),
        ("https://www.facebook.com/dyi/l/?l=AYCsealed&s=1", None),
        ("https://www.facebook.com/dyi/l/?l=https%3A%2F%2Fevil.example%2F", None),
        ("https://facebook.com.evil.example/ana/posts/5", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
    ],
)
def test_link_under_a_card_is_its_page_only_if_it_leads_to_facebook(
    build: Build, link: str, permalink: str | None
) -> None:
    foot = f'<footer><a href="{link}"><div class="_a72d">Oct 19, 2025 1:47:55 pm</div></a></footer>'
    assert only(read(build, shown() + foot)).permalink == permalink


def test_line_that_says_when_a_post_was_changed_is_not_a_caption(build: Build) -> None:
    words = '<div class="_2pin"><div>Módosítva ekkor: Oct 20, 2025 1:47:55 pm</div></div>'
    assert only(read(build, shown() + words)).caption is None


def test_cards_inside_a_card_are_read_each_for_itself(build: Build) -> None:
    inner = "".join(card(shown() + f'<div class="_2pin">{n}</div>').decode() for n in (1, 2))
    found = read(build, inner)
    assert [p.context.caption for p in found if isinstance(p, Picture)] == ["1", "2"]


@pytest.mark.parametrize(
    ("title", "cards", "audience"),
    [
        ("Bo", (("Bo", True),), Audience.DIRECT),
        ("Bo", (("Teilnehmer: Bo und Ana", False), ("Bo", True)), Audience.DIRECT),
        ("Chess", (("Teilnehmer: Bo, Cy und Ana", False), ("Bo", True)), Audience.GROUP),
        ("Chess", (("Bo", True), ("Cy", True), ("Ana", True)), Audience.GROUP),
        ("Chess", (("Bo", True),), Audience.UNKNOWN),
    ],
)
def test_audience_of_a_message_is_who_takes_part(
    build: Build, title: str, cards: tuple[tuple[str, bool], ...], audience: Audience
) -> None:
    body = "".join(
        f'<section class="_a6-g"><h2>{who}</h2>{(shown() + FOOT) if dated else ""}</section>'
        for who, dated in cards
    )
    found = Facebook().read(build({THREAD: f"<h1>{title}</h1>{body}".encode(), PHOTO: None}))
    assert {p.context.audience for p in found if isinstance(p, Picture)} == {audience}


def test_relative_whom_the_profile_names_is_not_the_owner(build: Build) -> None:
    profile = "<body><td>Ana Example</td><td>Ana</td><td>Bo Example</td></body>"
    docs = build(
        {
            "profile_information/profile_information.html": profile.encode(),
            POSTS: card("", "Ana Example hat ein Foto hinzugefügt."),
            THREAD: card(shown(), "Bo Example") + card(shown(), "Ana Example"),
            PHOTO: None,
        }
    )
    found = [p.context for p in Facebook().read(docs) if isinstance(p, Picture)]
    told = [(c.author, c.author_name) for c in found]
    assert told == [(Author.OTHER, "Bo Example"), (Author.OWNER, None)]


def test_missing_picture_is_named_once_for_a_card(build: Build) -> None:
    gone = PHOTO.replace("some", "gone")
    assert read(build, shown(gone) * 2) == [Missing(path=gone, listed_in=POSTS)]


HTML = [case for case in CASES if case[0] == "facebook" and case[1].startswith("html")]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("case", HTML, ids="/".join)
def test_html_that_breaks_off_or_is_jumbled_never_raises(
    build: Build, case: tuple[str, str], seed: int
) -> None:
    draw = random.Random(seed)
    parts = [{p: jumbled(v, draw) for p, v in part.items()} for part in parts_of(case)]
    read_through(build(*parts))


def jumbled(value: object, draw: random.Random) -> object:
    """Cut a document, or take some of its tags out."""
    if not isinstance(value, bytes):
        return value
    if draw.random() < 0.5:
        return value[: draw.randrange(len(value) + 1)]
    pieces = value.split(b">")
    return b">".join(piece for piece in pieces if draw.random() > 0.05)
