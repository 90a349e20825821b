"""What Facebook's and Instagram's downloads do not say is left unknown, and names stay in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest

from selfcheck.exports import Documents, facts, meta, recognise, values
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.instagram import Instagram
from selfcheck.exports.messenger import Messenger
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Picture,
    PictureKind,
    Place,
)

Build = Callable[..., Documents]

PROFILE = "profile_information/profile_information.json"
THREAD = "messages/inbox/x_1/message_1.json"
PHOTO = "messages/inbox/x_1/photos/1.jpg"
POSTS = "your_instagram_activity/media/posts_1.json"
PERSONAL = "personal_information/personal_information.json"


def thread(*people: str, title: str = "t", sender: str = "Ana") -> dict[str, Any]:
    message = {"sender_name": sender, "timestamp_ms": 1, "photos": [{"uri": PHOTO}]}
    return {"participants": [{"name": p} for p in people], "title": title, "messages": [message]}


def only(found: list[Listed]) -> Context:
    (picture,) = found
    assert isinstance(picture, Picture)
    return picture.context


def message(build: Build, conversation: object, name: str = "Ana") -> Context:
    profile = {"profile_v2": {"name": {"full_name": name}}}
    docs = build({PROFILE: profile, THREAD: conversation, PHOTO: None})
    return only(list(Facebook().read(docs)))


def test_sender_is_not_judged_without_a_profile(build: Build) -> None:
    docs = build({THREAD: thread("Ana", "Bo"), PHOTO: None})
    context = only(list(Facebook().read(docs)))
    assert (context.author, context.author_name) == (Author.UNKNOWN, "Ana")


def test_owner_is_known_under_every_case_and_not_named(build: Build) -> None:
    context = message(build, thread("Ana", "Bo", sender="ANA"))
    assert (context.author, context.author_name) == (Author.OWNER, None)


@pytest.mark.parametrize(
    ("people", "audience"),
    [
        ((), Audience.UNKNOWN),
        (("Ana",), Audience.UNKNOWN),
        (("Ana", "Bo"), Audience.DIRECT),
        (("Ana", "Bo", "Cy"), Audience.GROUP),
        (("Facebook user", "Facebook user", "Facebook user"), Audience.GROUP),
    ],
)
def test_audience_of_a_message_is_who_takes_part(
    build: Build, people: tuple[str, ...], audience: Audience
) -> None:
    assert message(build, thread(*people)).audience is audience


@pytest.mark.parametrize("title", ["Bo", "Bo Example", "Bo, Cy and you", "cy & co"])
def test_title_made_of_other_peoples_names_is_not_kept(build: Build, title: str) -> None:
    context = message(build, thread("Ana", "Bo Example", "Cy Example", title=title))
    assert context.album is None


@pytest.mark.parametrize(
    "title",
    ["花子、太郎、次郎", "Bo&Cy", "Bo's birthday", "Bo’s", "Sample, Other", "山田、鈴木", "BO_CY"],
)
def test_no_part_of_a_members_name_is_kept_in_a_title(build: Build, title: str) -> None:
    people = ("Ana", "Bo Sample", "Cy Other", "山田 花子", "鈴木太郎", "次郎")
    assert message(build, thread(*people, title=title)).album is None


def test_name_of_a_group_is_kept_and_that_of_a_pair_is_not(build: Build) -> None:
    assert message(build, thread("Ana", "Bo", "Cy", title="Chess")).album == "Chess"
    assert message(build, thread("Ana", "Bo", title="Chess")).album is None


def test_number_behind_the_name_of_a_messenger_thread_is_not_part_of_it(build: Build) -> None:
    conversation = thread("Ana", "Bo", "Cy", title="")
    assert message(build, conversation | {"threadName": "Chess_12"}).album == "Chess"
    assert message(build, conversation | {"threadName": "_12"}).album is None


def test_sticker_and_shared_post_are_not_pictures_of_a_message(build: Build) -> None:
    conversation = thread("Ana", "Bo")
    conversation["messages"][0] |= {
        "sticker": {"uri": "stickers_used/1.png"},
        "share": {"link": "x", "uri": "y/z.jpg"},
    }
    assert message(build, conversation).kind is PictureKind.MESSAGE


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        *(("film.mp4", 1), ("song.mp3", 0), ("film.srt", 0), ("tax.pdf", 0), ("a.docx", 0)),
        *(("a.doc", 0), ("a.xlsx", 0), ("a.pptx", 0), ("a.ZIP", 0), ("a.txt", 0), ("a", 1)),
    ],
)
def test_a_listed_film_that_is_not_there_is_missing_and_sound_is_not(
    build: Build, name: str, missing: int
) -> None:
    docs = build({"posts/your_videos.json": {"videos_v2": [{"uri": f"posts/media/a/{name}"}]}})
    assert sum(isinstance(one, Missing) for one in Facebook().read(docs)) == missing


def test_variants_of_a_film_are_not_missing(build: Build) -> None:
    film = {"uri": "posts/media/a.mp4", "media_variants": [{"uri": "posts/media/a_small.mp4"}]}
    docs = build({"posts/your_videos.json": {"videos_v2": [film]}, "posts/media/a.mp4": None})
    assert only(list(Facebook().read(docs))).kind is PictureKind.POST


def test_unknown_document_lists_pictures_and_concludes_nothing_from_missing_ones(
    build: Build,
) -> None:
    market = [{"uri": "your_facebook_activity/m/sofa_on_sale.jpg"}, {"uri": "m/not_there.jpg"}]
    docs = build(
        {
            "your_facebook_activity/marketplace/items.json": {"items": market},
            "your_facebook_activity/m/sofa_on_sale.jpg": None,
        }
    )
    context = only(list(Facebook().read(docs)))
    assert (context.kind, context.author) == (PictureKind.FILE, Author.UNKNOWN)


def test_post_without_the_list_around_it_is_read(build: Build) -> None:
    post = {"timestamp": 5, "attachments": [{"data": [{"media": {"uri": "posts/media/a.jpg"}}]}]}
    docs = build({"posts/your_posts_1.json": post, "posts/media/a.jpg": None})
    context = only(list(Facebook().read(docs)))
    assert context.time
    assert context.time.when.second == 5


def test_comment_in_a_group_is_seen_by_the_group(build: Build) -> None:
    comment = {
        "data": [{"comment": {"comment": "look", "group": "Chess", "author": "Ana"}}],
        "attachments": [{"data": [{"media": {"uri": "c/media/a.jpg"}}]}],
    }
    docs = build(
        {"comments_and_reactions/comments.json": {"comments_v2": [comment]}, "c/media/a.jpg": None}
    )
    context = only(list(Facebook().read(docs)))
    assert (context.audience, context.album) == (Audience.GROUP, "Chess")


@pytest.mark.parametrize(
    ("document", "data", "album"),
    [
        ("group_posts_and_comments", {"post": "x"}, "Ana posted in Chess."),
        ("group_posts_and_comments", {"comment": {"comment": "x"}}, None),
        ("your_comments_in_groups", {"comment": {"comment": "x"}}, None),
        ("your_comments_in_groups", {}, None),
    ],
)
def test_sentence_over_a_comment_is_not_the_name_of_a_group(
    build: Build, document: str, data: object, album: str | None
) -> None:
    post = {
        "title": "Ana posted in Chess." if album else "Ana replied to Bo Sample's comment.",
        "data": [data],
        "attachments": [{"data": [{"media": {"uri": "groups/media/a.jpg"}}]}],
    }
    docs = build({f"groups/{document}.json": [post], "groups/media/a.jpg": None})
    context = only(list(Facebook().read(docs)))
    assert (context.kind, context.album) == (PictureKind.GROUP, album)


@pytest.mark.parametrize(
    ("profile", "audience"),
    [
        ({"Private Account": {"value": "True"}}, Audience.FOLLOWERS),
        ({"Private Account": {"value": "False"}}, Audience.PUBLIC),
        ({"Private Account": {"value": "maybe"}}, Audience.UNKNOWN),
        ({"Privéaccount": {"value": "True"}}, Audience.UNKNOWN),
        ({}, Audience.UNKNOWN),
    ],
)
def test_audience_of_a_post_is_the_accounts_where_the_export_says_it(
    build: Build, profile: object, audience: Audience
) -> None:
    docs = build(
        {
            PERSONAL: {"profile_user": [{"string_map_data": profile}]},
            POSTS: [{"media": [{"uri": "media/posts/202301/a.jpg"}]}],
            "media/posts/202301/a.jpg": None,
        }
    )
    assert only(list(Instagram().read(docs))).audience is audience


def test_title_of_item_and_of_post_are_both_read(build: Build) -> None:
    post = {"media": [{"uri": "media/posts/202301/a.jpg", "title": "one"}], "title": "two"}
    docs = build({POSTS: [post], "media/posts/202301/a.jpg": None})
    assert only(list(Instagram().read(docs))).caption == "one\ntwo"


def test_old_list_without_its_folders_is_not_claimed(build: Build) -> None:
    assert not Instagram().claims(build({"site/media.json": {"photos": []}}))


@pytest.mark.parametrize(
    ("taken", "when"),
    [
        (1_499_990_000, "2017-07-13T23:53:20+00:00"),
        (-86_400_000, "1967-04-07T00:00:00+00:00"),
        (-62_169_958_800, None),  # what stands where nobody knows
        (0, None),
    ],
)
def test_when_a_photo_was_taken_counts_where_no_other_time_is_told(
    build: Build, taken: int, when: str | None
) -> None:
    exif = {"upload_ip": "203.0.113.9", "taken_timestamp": taken}
    photo = {"uri": PHOTO, "media_metadata": {"photo_metadata": {"exif_data": [exif]}}}
    docs = build({"posts/album/0.json": {"name": "Lake", "photos": [photo]}, PHOTO: None})
    time = only(list(Facebook().read(docs))).time
    assert (time and time.when.isoformat()) == when


def test_preview_of_a_film_that_has_no_uri_is_not_listed_in_its_place(build: Build) -> None:
    film, photo = "posts/media/videos/film_of_the_summer.mp4", "posts/media/a/1.jpg"
    media = [{"media": {"creation_timestamp": 5, "thumbnail": {"uri": film}}}]
    post = {"attachments": [{"data": [*media, {"media": {"uri": photo}}]}]}
    docs = build({"posts/your_posts_1.json": [post], film: None, photo: None})
    (found,) = Facebook().read(docs)
    assert isinstance(found, Picture)
    assert found.member.path == photo
    assert Facebook().unlisted(film).kind is PictureKind.POST


def test_posts_that_share_or_announce_something_stop_no_other(build: Build) -> None:
    shared: list[dict[str, object]] = [
        {"external_context": {"url": ""}},
        {"name": "Chess"},
        {"life_event": {"title": "New job", "start_date": {"year": 2020, "month": 1, "day": 2}}},
    ]
    posts = [
        {"timestamp": 5, "title": "Ana a partagé.", "attachments": [{"data": [one]}]}
        for one in shared
    ]
    own = {"timestamp": 6, "attachments": [{"data": [*shared, {"media": {"uri": PHOTO}}]}]}
    docs = build({"posts/your_posts_1.json": [*posts, own], PHOTO: None})
    context = only(list(Facebook().read(docs)))
    assert (context.caption, context.album) == (None, None)
    assert context.time
    assert context.time.when.second == 6


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("photos_and_videos/summer_holiday2019/a.jpg", False),
        ("photos_and_videos/Summer_Holiday2019/a.jpg", False),
        ("photos_and_videos/MobileUploads_AbCdEf12_g/a.jpg", True),
        ("photos_and_videos/your_photos.json", True),
    ],
)
def test_folder_of_a_persons_own_is_not_facebooks(
    build: Build, path: str, *, claimed: bool
) -> None:
    assert Facebook().claims(build({path: {}})) is claimed


@pytest.mark.parametrize(
    ("paths", "claimed"),
    [
        (("site/content/posts.json", "site/content/a.jpg"), False),
        (("content/posts_1.json",), True),
        (("content/reels.json", "media/reels/202301/1.mp4"), True),
        (("media.json", "photos/201901/1.jpg", "photos/555555/1.jpg"), True),
        (("media.json", "photos/555555/1.jpg", "photos/201901/1.jpg"), True),
    ],
)
def test_instagram_is_claimed_by_two_marks(
    build: Build, paths: tuple[str, ...], *, claimed: bool
) -> None:
    assert Instagram().claims(build(dict.fromkeys(paths))) is claimed


def test_messenger_is_claimed_though_many_chats_are_empty(build: Build) -> None:
    empty: dict[str, object] = {
        f"Bo_{n}.json": {"participants": ["Ana", "Bo"], "threadName": f"Bo_{n}", "messages": []}
        for n in range(12)
    }
    said = {"senderName": "Bo", "media": [{"uri": "./media/a.jpg"}]}
    full = {
        "Cy_99.json": {"participants": ["Ana", "Cy"], "threadName": "Cy_99", "messages": [said]}
    }
    assert Messenger().claims(build(empty | full | {"media/a.jpg": None}))


def test_download_of_albums_alone_is_facebooks(build: Build) -> None:
    photo = "posts/media/Lake_AbCd123456/1_2_3_n_4.jpg"
    album = {"name": "Lake", "photos": [{"uri": photo, "creation_timestamp": 1_500_000_000}]}
    docs = build({"x/posts/album/0.json": album, f"x/{photo}": None})
    assert recognise(docs).name == "facebook"
    context = only(list(Facebook().read(docs)))
    assert (context.kind, context.album) == (PictureKind.ALBUM, "Lake")


@pytest.mark.parametrize("said", ["FERM\u00c9\u00a0!", "\u00c3\u00a9"])
def test_right_text_of_an_encrypted_chat_is_not_mended(build: Build, said: str) -> None:
    sent = {"senderName": said, "timestamp": 1, "text": said, "media": [{"uri": "./media/1.jpeg"}]}
    chat = {"participants": ["Ana", said], "threadName": "Bo_12", "messages": [sent]}
    docs = build({"m/messages/Bo_12.json": chat, "m/media/1.jpeg": None})
    context = only(list(Messenger().read(docs)))
    assert (context.caption, context.author_name) == (said, said)


def test_document_of_many_lists_is_read_in_one_pass(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {f"l{n}": [{"uri": f"{n}.jpg"}] for n in range(400)}
    docs = build({"a.json": {"x": {"uri": "x.jpg", "y": [{"uri": "y.jpg"}]}, **lists, "z": 1}})
    member = docs.members[0]
    shape, opened = docs.shape(member), [0]
    reads = type(docs).open

    def counted(docs: Documents, member: Member) -> BinaryIO:
        opened[0] += 1
        return reads(docs, member)

    monkeypatch.setattr(Documents, "open", counted)
    found = [(one.key, one.uri) for one in meta.listed(docs, member, shape)]
    assert found == [
        *((f"l{n}", f"{n}.jpg") for n in range(400)),
        *(("x", "x.jpg"), ("x", "y.jpg")),
    ]
    assert opened == [1]


def test_lists_within_lists_without_end_are_not_followed() -> None:
    within: object = {"uri": "deep.jpg"}
    for _ in range(5000):
        within = [within]
    real: object = {"uri": "real.jpg"}
    for _ in range(11):
        real = {"a": [real]}
    assert [uri for uri, _, _ in meta.objects({"a": [within, real, {"uri": "b.jpg"}]})] == ["b.jpg"]
    assert [uri for uri, _, _ in meta.objects(real)] == ["real.jpg"]


def test_what_is_around_many_media_is_searched_once(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = [{"media": {"uri": f"{n}.jpg"}} for n in range(300)]
    labels = [{"label": "Ort", "value": "(0.0 , 0.0)"}, {"label": "Ort", "value": "(52.1 , 13.4)"}]
    named = [{"data": [{"place": {"name": "Café"}}]}, {"data": media}]
    entries = [
        {"label_values": labels, "attachments": named},
        {"attachments": [{"data": [{"place": {"name": "Bar"}}, *media[:1]]}]},
        {"attachments": [{"data": media}]},
    ]
    docs = build({"a.json": entries})
    searched, deep = [0], values.deep

    def counted(value: object, key: str, depth: int = 8) -> Iterator[object]:
        searched[0] += 1
        return deep(value, key, depth)

    monkeypatch.setattr(facts, "deep", counted)
    monkeypatch.setattr(values, "deep", counted)
    member = docs.members[0]
    found = [facts.place_of(one) for one in meta.listed(docs, member, docs.shape(member))]
    assert found == [Place(latitude=52.1, longitude=13.4, name="Café")] * 300 + [
        Place(name="Bar"),
        *[None] * 300,
    ]
    assert searched[0] < 20_000  # a search for each would be 300 times that of the whole post
