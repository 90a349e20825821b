"""The documents of the demo's three exports, as the platforms write them.

Owns JSON alone, quirks included: texts in Meta's form, sidecars cut where Google cuts them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

from selfcheck.demo.shots import Shot

Json: TypeAlias = object
Documents: TypeAlias = dict[str, bytes]
Paths: TypeAlias = Mapping[str, str]  # a shot's name -> its path in the archive

_HTML = b"<!DOCTYPE html><title>Your information</title>"
_SIDECAR = 46  # characters of a sidecar's name before `.json`


def facebook(shots: Mapping[str, Shot], paths: Paths, owner: str, friend: str) -> Documents:
    """Write a Facebook download's documents: JSON of the layout of 2024."""
    top = "your_facebook_activity"

    def medium(name: str, **more: Json) -> Json:
        return {"uri": paths[name], "creation_timestamp": shots[name].seconds, **more}

    def message(name: str, sender: str, words: str) -> Json:
        sent = {"sender_name": sender, "timestamp_ms": shots[name].seconds * 1000}
        return {**sent, "content": words, "photos": [medium(name)]}

    def thread(title: str, people: list[str], *messages: Json) -> Json:
        named = [{"name": person} for person in people]
        return {"participants": named, "messages": list(messages), "title": title}

    gone = {"uri": f"{top}/posts/media/your_posts/900001_900002_900003_n_900004.jpg"}
    posts = [
        _post(
            shots["beach"].seconds,
            "Füße im Sand 🌊",
            medium("beach"),
            {"place": {"name": "Zugersee", "coordinate": {"latitude": 47.12, "longitude": 8.48}}},
        ),
        _post(shots["pier"].seconds, "With the best.", medium("pier"), tags=[friend, owner]),
        _post(shots["cut"].seconds, "This file ends too early.", medium("cut")),
        _post(1_500_000_000, "Only the listing is left of this one.", gone),
    ]
    summer = [medium(name, description="") for name in ("beach", "pier", "sails", "friends")]
    group = _post(shots["club"].seconds, "Chess night", medium("club"))
    group["title"] = f"{owner} posted in Échecs & Co."
    written: dict[str, Json] = {
        "personal_information/profile_information/profile_information.json": {
            "profile_v2": {"name": {"full_name": owner}}
        },
        f"{top}/posts/your_posts__check_ins__photos_and_videos_1.json": posts,
        f"{top}/posts/album/0.json": {"name": "Été au lac", "photos": summer},
        f"{top}/posts/album/1.json": {"name": "Profile pictures", "photos": [medium("face")]},
        f"{top}/posts/your_uncategorized_photos.json": {"other_photos_v2": [medium("kitchen")]},
        f"{top}/groups/group_posts_and_comments.json": {"group_posts_v2": [group]},
        f"{top}/messages/inbox/friend_1/message_1.json": thread(
            friend,
            [friend, owner],
            message("reply", owner, "And here?"),
            message("sent", friend, "Das bist ja du! 😀"),
        ),
    }
    return _in_bytes(written, _mojibake) | {
        "start_here.html": _HTML,
        "connections/friends/no-data.txt": b"",
    }


def instagram(shots: Mapping[str, Shot], paths: Paths, owner: str, friend: str) -> Documents:
    """Write an Instagram download's documents: JSON of the layout of 2025."""
    top = "your_instagram_activity"

    def medium(name: str, title: str = "") -> dict[str, Json]:
        taken = shots[name].seconds
        return {"uri": paths[name], "creation_timestamp": taken, "title": title}

    picnic = {
        "media": [medium("picnic"), medium("blanket")],
        "title": "Pique-nique à deux 🧺",
        "creation_timestamp": shots["picnic"].seconds,
    }
    message = {
        "sender_name": friend,
        "timestamp_ms": shots["stranger"].seconds * 1000,
        "photos": [medium("stranger")],
    }
    profile = {"Name": {"value": owner}, "Private Account": {"value": "True"}}
    written: dict[str, Json] = {
        "personal_information/personal_information/personal_information.json": {
            "profile_user": [{"string_map_data": profile}]
        },
        f"{top}/media/posts_1.json": [{"media": [medium("mirror", "New glasses?")]}, picnic],
        f"{top}/media/stories.json": {"ig_stories": [medium("evening")]},
        f"{top}/media/archived_posts.json": {
            "ig_archived_post_media": [{"media": [medium("wall", "Nobody here")]}]
        },
        f"{top}/messages/inbox/friend_17/message_1.json": {
            "participants": [{"name": friend}, {"name": owner}],
            "messages": [message],
            "title": friend,
        },
    }
    return _in_bytes(written, _mojibake) | {"start_here.html": _HTML}


def takeout(shots: Mapping[str, Shot], paths: Paths, friend: str) -> Documents:
    """Write the sidecars of Google Photos, one beside each path, and an album's own file."""
    written: dict[str, Json] = {}
    for name, path in paths.items():
        shot = shots[name.partition("/")[0]]
        folder, _, file = path.rpartition("/")
        short = f"{file}.supplemental-metadata"[:_SIDECAR]
        written[f"{folder}/{short}.json"] = _sidecar(shot, file, friend)
    album = next(path for name, path in paths.items() if name.endswith("/album"))
    written[f"{album.rpartition('/')[0]}/metadata.json"] = {"title": "Hüttentour: Tag & Nacht"}
    return _in_bytes(written, str) | {"Takeout/archive_browser.html": _HTML}


def _sidecar(shot: Shot, file: str, friend: str) -> Json:
    north, east = shot.gps or (0.0, 0.0)
    return {
        "title": file,
        "description": f"{shot.name.capitalize()}, zu Fuß erreicht",
        "creationTime": {"timestamp": str(shot.seconds + 3600)},
        "photoTakenTime": {"timestamp": str(shot.seconds)},
        "geoData": {"latitude": north, "longitude": east, "altitude": 0.0},
        "people": [{"name": friend}] if shot.people else [],
        "url": f"https://photos.google.com/photo/AF1Qip{shot.name}",
        "googlePhotosOrigin": {"mobileUpload": {"deviceType": "ANDROID_PHONE"}},
    }


def _post(seconds: int, words: str, *data: Json, tags: list[str] | None = None) -> dict[str, Json]:
    entries = [{"media": entry} if "uri" in _fields(entry) else entry for entry in data]
    named = [{"name": name} for name in tags or []]
    post: dict[str, Json] = {"timestamp": seconds, "data": [{"post": words}], "tags": named}
    return {**post, "attachments": [{"data": entries}]}


def _fields(entry: Json) -> Mapping[str, Json]:
    assert isinstance(entry, dict)
    return entry


def _in_bytes(written: Mapping[str, Json], texts: Callable[[str], str]) -> Documents:
    return {path: json.dumps(_mapped(value, texts)).encode() for path, value in written.items()}


def _mapped(value: Json, texts: Callable[[str], str]) -> Json:
    match value:
        case str():
            return texts(value)
        case list():
            return [_mapped(item, texts) for item in value]
        case dict():
            return {key: _mapped(item, texts) for key, item in value.items()}
        case _:
            return value


def _mojibake(text: str) -> str:
    """Write a text as Meta does: each byte of UTF-8 as one character."""
    return text.encode().decode("latin-1")
