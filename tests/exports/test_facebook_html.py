"""Facebook's HTML is read by its structure, whatever the language, and never raises."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest
from export_fixtures import CASES, parts_of

from selfcheck.exports import Documents
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.facebook_listings import without_tokens
from selfcheck.exports.facebook_survey import Survey
from selfcheck.exports.htmlfiles import Element
from selfcheck.model import Audience, Author, Context, Listed, Missing, Picture, PictureKind

from .test_contract import read_through

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


@pytest.mark.parametrize(
    ("document", "album"),
    [("group_posts_and_comments", "Ana did it."), ("your_comments_in_groups", None)],
)
def test_heading_of_a_comment_in_a_group_is_not_the_name_of_the_group(
    build: Build, document: str, album: str | None
) -> None:
    path = f"your_facebook_activity/groups/{document}.html"
    context = only(list(Facebook().read(build({path: card(shown()), PHOTO: None}))))
    assert (context.kind, context.album) == (PictureKind.GROUP, album)


def test_document_that_is_there_as_json_too_is_read_once(build: Build) -> None:
    post = {"timestamp": 5, "attachments": [{"data": [{"media": {"uri": PHOTO}}]}]}
    found = read(build, shown(), **{POSTS.replace(".html", ".json"): [post]})
    assert only(found).listed_in == POSTS.replace(".html", ".json")


def test_document_of_another_download_is_read_beside_json(build: Build) -> None:
    docs = build(
        {
            "fb2024/posts/album/0.json": {"name": "Lake", "photos": []},
            "fb2019/posts/album/0.html": card(shown("posts/media/x_1/a.jpg")),
            "fb2019/posts/media/x_1/a.jpg": None,
        }
    )
    assert only(list(Facebook().read(docs))).listed_in == "fb2019/posts/album/0.html"


def test_picture_beside_a_card_in_a_card_is_listed(build: Build) -> None:
    other = PHOTO.replace("some", "other")
    inner = f'<div class="_a6-g"><div>inner</div>{shown(other)}</div>'
    found = read(build, f"<div>outer</div>{shown()}{inner}", **{other: None})
    told = {p.member.path: p.context.caption for p in found if isinstance(p, Picture)}
    assert told == {PHOTO: "outer", other: "inner"}


def test_film_is_also_known_by_its_source(build: Build) -> None:
    film = PHOTO.replace(".jpg", ".mp4")
    inside = f'<video controls><source src="{film}" type="video/mp4"></video>'
    (found,) = read(build, inside, **{film: None})
    assert isinstance(found, Picture)
    assert found.member.path == film


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


@pytest.mark.parametrize(
    ("words", "caption"),
    [
        ("Our wedding, 12 May 2019 at 18:30", "Our wedding, 12 May 2019 at 18:30"),
        ("We wed on May 12, 2019 6:30 pm", "We wed on May 12, 2019 6:30 pm"),
        ("Updated May 12, 2019 6:30 pm", None),
        ("12 May 2019 at 18:30", None),
        ("Módosítva ekkor: May 12, 2019 6:30 pm", None),
        ("Mis à jour le 3 mai 2025, 22:16:09", None),
        ("Zmieniono 12 unknown 2019, 18:30", None),
    ],
)
def test_caption_that_ends_in_a_date_is_told_from_a_stamp(
    build: Build, words: str, caption: str | None
) -> None:
    stamp = "12 unknown 2019, 18:30" if "unknown" in words else "12 May 2019 at 18:30"
    foot = f'<footer class="_a6-o">{stamp}</footer>'
    inside = f'<div class="_2pin"><div>{words}</div></div>'
    docs = build({POSTS: f'<div class="_a6-g">{shown()}{inside}{foot}</div>'.encode(), PHOTO: None})
    assert only(list(Facebook().read(docs))).caption == caption


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


def test_picture_that_two_pages_show_is_one_file_with_two_contexts(build: Build) -> None:
    found = read(build, shown(), **{"your_facebook_activity/posts/album/0.html": card(shown())})
    told = [(p.member.path, p.context.kind) for p in found if isinstance(p, Picture)]
    assert told == [(PHOTO, PictureKind.ALBUM), (PHOTO, PictureKind.POST)]


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


def test_mentions_without_end_are_looked_at_once() -> None:
    # So many that a look from each to the end would never come back.
    many = "@[1::" * 1_000_000
    assert without_tokens(f"@[1:2:Bo] {many}") == f"Bo {many}"
    assert without_tokens(f"{many}Bo]") == f"{many[5:]}Bo"


def test_pictures_deep_in_a_card_are_not_kept_for_each_element_above() -> None:
    card = inner = Element("section", {"class": "_a6-g"})
    for _ in range(190):
        below = Element("span", {})
        inner.children.append(below)
        inner = below
    inner.children += [Element("img", {"src": f"a/{number}.jpg"}) for number in range(5000)]
    tracemalloc.start()
    survey = Survey(card)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(survey.uris) == 5000
    assert peak < 10 << 20  # bytes; a set for each element had 60 MB and more
