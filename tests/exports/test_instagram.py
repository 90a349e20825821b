"""What single pages and profiles of an Instagram download tell, and what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.instagram import Instagram
from selfcheck.model import Audience, Author, Context, Listed, Picture, PictureKind, Precision

Build = Callable[..., Documents]

MEDIA = "your_instagram_activity/media"
PHOTO = "media/posts/202508/17852238405523001.jpg"
INBOX = "your_instagram_activity/messages/inbox/chess_95204044/"
SENT = f"{INBOX}photos/987654321.jpg"
PROFILE = "personal_information/personal_information/personal_information"


def card(heading: str, body: str, stamp: str = "Aug 17, 2025 11:23 am") -> str:
    return (
        '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">'
        f'<h2 class="_3-95 _2pim _a6-h _a6-i">{heading}</h2>'
        f'<div class="_3-95 _a6-p">{body}</div><div class="_3-94 _a6-o">{stamp}</div></div>'
    )


def shown(uri: str, *rows: tuple[str, str]) -> str:
    cells = (f"<tr><td>{label}<div><div>{value}</div></div></td></tr>" for label, value in rows)
    return (
        f'<a href="{uri}"><img src="{uri}" class="_a6_o _3-96"/></a><table>{"".join(cells)}</table>'
    )


def page(*cards: str, title: str = "Instagram") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{''.join(cards)}</body></html>".encode()


def contexts(found: Iterable[Listed]) -> list[Context]:
    return [one.context for one in found if isinstance(one, Picture)]


def of_posts(build: Build, *cards: str, **more: object) -> Context:
    docs = build({f"{MEDIA}/posts_1.html": page(*cards), PHOTO: None, **more})
    (context,) = contexts(Instagram().read(docs))
    return context


def of_chat(build: Build, *documents: bytes) -> list[Context]:
    parts: list[dict[str, Any]] = [
        {f"{INBOX}message_{number}.html": document} for number, document in enumerate(documents, 1)
    ]
    return contexts(Instagram().read(build(*parts, {SENT: None})))


def test_json_is_read_once_where_html_says_the_same_and_html_adds_who_is_tagged(
    build: Build,
) -> None:
    tagged = shown(PHOTO, ("Tagged users", "bo (Tagged, 0.25, 0.50)"))
    post = {"media": [{"uri": PHOTO, "creation_timestamp": 1755429780, "title": "both"}]}
    context = of_posts(build, card("both", tagged), **{f"{MEDIA}/posts_1.json": [post]})
    assert (context.tagged, context.listed_in) == (1, f"{MEDIA}/posts_1.json")
    assert context.time
    assert context.time.when.tzinfo


def test_page_in_another_language_is_read_by_its_class_names(build: Build) -> None:
    rows = [
        ("Breitengrad", "48,2082"),
        ("Längengrad", "16,3738"),
        ("Markierte Nutzer", "bo.example (Markiert, 0,25, 0,50)"),
    ]
    context = of_posts(build, card("Grüße", shown(PHOTO, *rows), "17. Aug. 2025 21:23"))
    assert context.caption == "Grüße"
    assert context.place
    assert (context.place.latitude, context.place.longitude) == (48.2082, 16.3738)
    assert context.tagged == 1
    assert context.time
    assert (context.time.when.month, context.time.when.hour) == (8, 21)


def test_time_that_cannot_be_read_is_left_out_and_the_year_alone_is_kept(build: Build) -> None:
    assert of_posts(build, card("x", shown(PHOTO), "whenever")).time is None
    found = of_posts(build, card("x", shown(PHOTO), "8/9/2025 11:23")).time
    assert found
    assert found.precision is Precision.YEAR


def test_page_that_breaks_off_gives_the_cards_before_the_break(build: Build) -> None:
    whole = page(card("x", shown(PHOTO)), card("y", shown("media/posts/202508/z_123456789.jpg")))
    first = whole.index(b'_3-96"/>') + len(b'_3-96"/>')
    for end in range(0, len(whole), 7):
        docs = build({f"{MEDIA}/posts_1.html": whole[:end], PHOTO: None})
        assert len(contexts(Instagram().read(docs))) == (end >= first)


def test_cards_in_a_card_keep_their_own_words(build: Build) -> None:
    paths = [f"media/posts/202508/1785223840552300{number}.jpg" for number in range(3)]
    inner = [card(f"own {number}", shown(path)) for number, path in enumerate(paths[:2])]
    whole = page(card("around", f"{''.join(inner)}{shown(paths[2])}"))
    docs = build({f"{MEDIA}/posts_1.html": whole, **dict.fromkeys(paths)})
    captions = [context.caption for context in contexts(Instagram().read(docs))]
    assert captions == ["own 0", "own 1", "around"]


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ('<img src="https://x.cdninstagram.com/1.jpg?sig=2" class="_a6_o _3-96">', 1),
        ('<img src="https://static.xx.fbcdn.net/icon.png">', 0),
        ('<img src="data:image/png;base64,AAAA" class="_a6_o">', 0),
        ('<video src="your_instagram_activity/messages/inbox/a_1/audio/4455.mp4"></video>', 0),
        ("<img>", 0),
    ],
)
def test_only_what_is_marked_as_a_picture_is_one(build: Build, image: str, told: int) -> None:
    docs = build({f"{MEDIA}/posts_1.html": page(card("x", image))})
    found = list(Instagram().read(docs))
    assert (len(found), contexts(found)) == (told, [])


@pytest.mark.parametrize(
    ("senders", "title", "heading", "audience"),
    [
        (("Bo", "Ana"), "Bo", "", Audience.DIRECT),
        (("Bo", "Ana"), "Bo, Cy and Ana", "", Audience.UNKNOWN),
        (("Bo", "Ana"), "Bo", "Teilnehmer: Bo, Cy und Ana", Audience.GROUP),
        (("Bo", "Ana", "Cy"), "Bo", "", Audience.GROUP),
        (("Bo", "Ana"), "Bo", "Mailbox thread pending", Audience.DIRECT),
    ],
)
def test_audience_of_a_conversation_in_html(
    build: Build, senders: tuple[str, ...], title: str, heading: str, audience: Audience
) -> None:
    above = f'<h2 class="_a6-h">{heading}</h2>' if heading else ""
    said = [card(name, "<div>hello</div>") for name in senders]
    (context,) = of_chat(build, page(above, *said, card("Bo", shown(SENT)), title=title))
    assert (context.audience, context.album) == (audience, None)


def test_conversation_in_several_parts_is_one(build: Build) -> None:
    above = '<h2 class="_a6-h">Participants: Bo, Cy and Ana</h2>'
    first = page(above, card("Cy", "<div>hello</div>"), title="Chess")
    (context,) = of_chat(build, first, page(card("Bo", shown(SENT)), title="Chess"))
    assert (context.audience, context.album) == (Audience.GROUP, "Chess")
    assert (context.author, context.author_name) == (Author.UNKNOWN, "Bo")


def test_what_somebody_else_posted_is_not_the_text_of_a_message(build: Build) -> None:
    body = f'<div><div></div><div></div><div>Their reel<a href="https://x">x</a></div></div>{shown(SENT)}'
    (context,) = of_chat(build, page(card("Bo", body)))
    assert context.caption is None


@pytest.mark.parametrize(
    ("label", "page_of"),
    [
        ("Username", "https://www.instagram.com/ana.example/"),
        ("Nom d’utilisateur", "https://www.instagram.com/ana.example/"),
        ("Felhasználónév", None),
    ],
)
def test_account_page_stands_for_the_address_that_no_file_tells(
    build: Build, label: str, page_of: str | None
) -> None:
    profile = page(shown("x", (label, "Ana.Example"), ("Private Account", "False")))
    context = of_posts(build, card("x", shown(PHOTO)), **{f"{PROFILE}.html": profile})
    assert (context.permalink, context.permalink_derived) == (page_of, page_of is not None)
    assert context.audience is Audience.PUBLIC


def account_of(name: str, private: str) -> dict[str, object]:
    told = {"Username": {"value": name}, "Private Account": {"value": private}}
    return {"profile_user": [{"string_map_data": told}]}


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        ("bo", (Audience.FOLLOWERS, "https://www.instagram.com/bo/")),
        ("ana", (Audience.PUBLIC, "https://www.instagram.com/ana/")),
        ("bo_part2", (Audience.UNKNOWN, None)),
    ],
)
def test_each_of_two_accounts_in_one_folder_has_its_own_page(
    build: Build, documents: str, told: tuple[Audience, str | None]
) -> None:
    docs = build(
        {
            f"ana/{PROFILE}.json": account_of("ana", "False"),
            f"bo/{PROFILE}.json": account_of("bo", "True"),
            f"{documents}/{MEDIA}/posts_1.json": [{"media": [{"uri": PHOTO}]}],
            f"{documents}/{PHOTO}": None,
        }
    )
    (context,) = contexts(Instagram().read(docs))
    assert (context.audience, context.permalink) == told


def test_account_in_another_part_is_that_of_all_parts_and_two_are_told_apart(
    build: Build,
) -> None:
    post = {f"{MEDIA}/posts_1.json": [{"media": [{"uri": PHOTO}]}], PHOTO: None}
    ana, bo = ({f"{PROFILE}.json": account_of(n, "False")} for n in ("ana", "bo"))
    pages = [
        [c.permalink for c in contexts(Instagram().read(build(*parts)))]
        for parts in ((ana, post), (ana | post, bo), (ana, bo, post))
    ]
    assert pages == [["https://www.instagram.com/ana/"]] * 2 + [[None]]


@pytest.mark.parametrize(
    ("labels", "sender", "author"),
    [
        (("Username", "Name", "Bio"), "Ana Example", Author.OWNER),
        (("Username", "Name", "Bio"), "ana.example", Author.OWNER),
        (("Username", "Name", "Bio"), "Bo", Author.OTHER),  # as the owner's own words are
        (("Username", "Név", "Bemutatkozás"), "ana.example", Author.OWNER),
        (("Username", "Név", "Bemutatkozás"), "Bo", Author.UNKNOWN),
        (("Felhasználónév", "Név", "Bemutatkozás"), "Bo", Author.UNKNOWN),
    ],
)
def test_only_a_name_of_the_account_is_its_owners(
    build: Build, labels: tuple[str, ...], sender: str, author: Author
) -> None:
    values = dict(zip(labels, ("ana.example", "Ana Example", "Bo"), strict=True))
    told = {label: {"value": value} for label, value in values.items()}
    said = {"sender_name": sender, "photos": [{"uri": SENT}]}
    people = [{"name": "Ana Example"}, {"name": "Bo"}]
    docs = build(
        {
            f"{PROFILE}.json": {"profile_user": [{"string_map_data": told}]},
            f"{INBOX}message_1.json": {"participants": people, "messages": [said]},
            SENT: None,
        }
    )
    (context,) = contexts(Instagram().read(docs))
    assert context.author is author


def test_reply_on_threads_is_a_comment_that_the_accounts_setting_does_not_tell_of(
    build: Build,
) -> None:
    told = {"Username": {"value": "ana"}, "Private Account": {"value": "False"}}
    reply = {
        "media": [{"uri": "media/18069745118570001.webp", "text_app_post": {"is_reply": True}}]
    }
    docs = build(
        {
            "threads/personal_information.json": {"p": [{"string_map_data": told}]},
            "threads/threads_and_replies.json": {"text_post_app_text_posts": [reply]},
            "media/18069745118570001.webp": None,
        }
    )
    (context,) = contexts(Instagram().read(docs))
    assert (context.kind, context.audience) == (PictureKind.COMMENT, Audience.UNKNOWN)
    assert (context.album, context.permalink) == ("Threads", None)


def test_files_of_a_mac_are_no_trouble(build: Build) -> None:
    docs = build({f"__MACOSX/{MEDIA}/._posts_1.json": b"\x00\x05", f"{MEDIA}/posts_1.json": []})
    assert list(Instagram().read(docs)) == []
    assert docs.troubles == ()


def test_uri_of_a_backup_is_neither_a_second_picture_nor_a_missing_one(build: Build) -> None:
    media = {"uri": PHOTO, "backup_uri": "media/posts/202508/backup_17852238405523001.jpg"}
    docs = build({f"{MEDIA}/posts_1.json": [{"media": [media]}], PHOTO: None})
    (found,) = Instagram().read(docs)
    assert isinstance(found, Picture)
    assert found.member.path == PHOTO
