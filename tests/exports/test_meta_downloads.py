"""What Facebook's and Instagram's downloads do not say is left unknown, and names stay in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.instagram import Instagram
from selfcheck.model import Audience, Author, Context, Listed, Missing, Picture, PictureKind

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


@pytest.mark.parametrize(("name", "missing"), [("film.mp4", 1), ("song.mp3", 0), ("film.srt", 0)])
def test_a_listed_film_that_is_not_there_is_missing_and_sound_is_not(
    build: Build, name: str, missing: int
) -> None:
    docs = build({"posts/your_videos.json": {"videos_v2": [{"uri": f"posts/media/a/{name}"}]}})
    assert sum(isinstance(one, Missing) for one in Facebook().read(docs)) == missing


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
