"""The products of a Takeout beside Google Photos: what the fixtures cannot show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from selfcheck.exports import Documents, jsonevents
from selfcheck.exports.google_account import NOBODY, account
from selfcheck.exports.google_chat import written
from selfcheck.exports.google_products import web_address
from selfcheck.exports.google_takeout import GoogleTakeout
from selfcheck.model import Address, Audience, Author, Context, Missing, Picture, PictureKind

Build: TypeAlias = Callable[..., Documents]
Json: TypeAlias = Any

CHAT = "Google Chat/Groups/DM a1"
YOUTUBE = "Takeout/YouTube and YouTube Music"


def pictures(docs: Documents) -> dict[str, Context]:
    found = GoogleTakeout().read(docs)
    return {f.member.path: f.context for f in found if isinstance(f, Picture)}


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "path",
    [
        "Google Chat/Groups/DM a1/messages.json",
        "x/Google Chat/Users/User 1/user_info.json",
        "Takeout/Hangouts/Hangouts.json",
        "Takeout/YouTube und YouTube Music/Video-Metadaten/Videos.csv",
        "Takeout/Blogger/Blogs/Bikes/feed.atom",
        "Takeout/Profile/Profile.json",
        "Takeout 2/Drive/a.jpg",
        "takeout-20240516T230250Z-003/Drive/a.jpg",
        "x/Archiv_Übersicht.html",
    ],
)
def test_each_product_alone_is_claimed(build: Build, path: str) -> None:
    assert GoogleTakeout().claims(build({path: {}}))


@pytest.mark.parametrize(
    "path",
    [
        "Pictures/Hangouts/a.jpg",
        "YouTube/a.mp4",
        "YouTube/videos.csv",
        "feed.atom",
        "messages.json",
        "profile/profile.json",
        "Drive/a.jpg",
        "Takeout/a.jpg",
    ],
)
def test_folder_that_is_only_called_alike_is_not_claimed(build: Build, path: str) -> None:
    assert not GoogleTakeout().claims(build({path: {}}))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Takeout/Google Photos/YouTube/a.jpg", PictureKind.LIBRARY),
        ("Takeout/Google Photos/Hangouts/a.jpg", PictureKind.LIBRARY),
        ("Takeout/Drive/YouTube/x/a.mp4", PictureKind.FILE),
        ("Takeout/Drive/Google Chat/Groups/a.jpg", PictureKind.FILE),
        ("Takeout/Google Chat/Groups/DM a1/a.jpg", PictureKind.MESSAGE),
        ("Takeout/Keep/a.jpg", PictureKind.FILE),
    ],
)
def test_folder_tells_the_kind_of_what_no_document_lists(path: str, kind: PictureKind) -> None:
    assert GoogleTakeout().unlisted(path).kind is kind


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("Thursday, November 3, 2016 at 11:59:50 AM UTC", "2016-11-03T11:59:50+00:00"),
        ("Thursday, November 3, 2016 at 12:00:01 AM UTC", "2016-11-03T00:00:01+00:00"),
        ("Thursday, November 3, 2016 at 12:00:01\u202fPM UTC", "2016-11-03T12:00:01+00:00"),
        ("Tuesday, 7 February 2021 at 17:13:43 UTC", "2021-02-07T17:13:43+00:00"),
    ],
)
def test_time_of_a_chat_is_read_in_both_forms(date: str, when: str) -> None:
    found = written(date)
    assert found
    assert found.when.isoformat() == when


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "Donnerstag, 3. November 2016 um 11:59:50 UTC",
        "Thursday, Novembre 3, 2016 at 11:59:50 AM UTC",
        "Thursday, February 30, 2016 at 11:59:50 AM UTC",
        "Thursday, November 3, 2016 at 11:59:50 AM CET",
    ],
)
def test_time_of_a_chat_in_no_known_form_is_none(date: str | None) -> None:
    assert written(date) is None


def chat(people: int, name: str | None = None) -> dict[str, Json]:
    sent = {"creator": {"name": "Bo", "email": "bo@example.com"}}
    group = {"members": [{"email": f"{n}@example.com"} for n in range(people)], "name": name}
    return {
        f"{CHAT}/messages.json": {
            "messages": [sent | {"attached_files": {"export_name": "a.jpg"}}]
        },
        f"{CHAT}/group_info.json": group,
        f"{CHAT}/a.jpg": None,
    }


@pytest.mark.parametrize(
    ("people", "name", "audience"),
    [
        (0, None, Audience.UNKNOWN),
        (1, None, Audience.UNKNOWN),
        (2, None, Audience.DIRECT),
        (3, None, Audience.GROUP),
        (2, "Choir", Audience.GROUP),
    ],
)
def test_members_and_name_tell_a_talk_from_a_group(
    build: Build, people: int, name: str | None, audience: Audience
) -> None:
    (found,) = pictures(build(chat(people, name))).values()
    assert (found.audience, found.album) == (audience, name)


def test_sender_is_unknown_where_nothing_names_the_owner(build: Build) -> None:
    (found,) = pictures(build(chat(2))).values()
    assert (found.author, found.author_name) == (Author.UNKNOWN, None)


def test_conversation_without_its_description_is_read(build: Build) -> None:
    files = chat(2)
    del files[f"{CHAT}/group_info.json"]
    (found,) = pictures(build(files)).values()
    assert found.audience is Audience.UNKNOWN


def test_owner_of_a_chat_is_also_known_from_the_profile(build: Build) -> None:
    profile = {"displayName": "Bo", "emails": [{"value": "BO@example.com"}]}
    (found,) = pictures(build(chat(2) | {"Takeout/Profile/Profile.json": profile})).values()
    assert found.author is Author.OWNER


@pytest.mark.parametrize("folder", ["Drive/Backup", "Drive/Profile", "Backup"])
def test_document_called_profile_elsewhere_names_no_owner(build: Build, folder: str) -> None:
    profile = {"displayName": "Bo", "emails": [{"value": "bo@example.com"}]}
    docs = build({f"Takeout/{folder}/Profile.json": profile, f"Takeout/{folder}/beach.jpg": None})
    assert pictures(docs) == {}
    assert account(docs) == NOBODY


def test_pictures_beside_a_profile_are_the_owners_whatever_their_name(build: Build) -> None:
    profile = {"name": {"formattedName": "Ria Mole"}}
    docs = build(
        {"Takeout/Profil/Foto.png": None, "Takeout/Drive/Profil/other.jpg": None},
        {"Takeout/Profil/Profil.json": profile, "Takeout/Drive/Profile.json": {"x": 1}},
        {"Takeout/Drive/ProfilePhoto.jpg": None, "Takeout/Drive/Profil/ProfilePhoto.jpg": None},
        {"Takeout 2/Profil/ProfilePhoto.jpg": None},
    )
    assert list(pictures(docs)) == ["Takeout/Profil/Foto.png", "Takeout 2/Profil/ProfilePhoto.jpg"]


@pytest.mark.parametrize(("name", "others"), [("Ria Mole", 1), ("RIA MOLE", 1), ("Someone", 2)])
def test_owner_is_no_other_person_in_a_picture(build: Build, name: str, others: int) -> None:
    year = "Takeout/Google Photos/Photos from 2023"
    people = [{"name": name}, {"name": "Bo"}, {"name": " "}]
    docs = build(
        {f"{year}/a.jpg": None, "Takeout/Profile/Profile.json": {"displayName": "Ria Mole"}},
        {f"{year}/a.jpg.json": {"photoTakenTime": {"timestamp": "1"}, "people": people}},
    )
    assert pictures(docs)[f"{year}/a.jpg"].tagged == others


ORIGINS: list[tuple[Json, Author]] = [
    ({"mobileUpload": {"deviceType": "ANDROID_PHONE"}}, Author.OWNER),
    ({"composition": {"type": "COLLAGE"}}, Author.OWNER),
    ({"fromPartnerSharing": {}}, Author.OTHER),
    ({"fromSomewhere": {}}, Author.UNKNOWN),
    ({}, Author.UNKNOWN),
    (None, Author.UNKNOWN),
]


@pytest.mark.parametrize(("origin", "author"), ORIGINS)
def test_origin_tells_whose_a_picture_of_the_library_is(
    build: Build, origin: Json, author: Author
) -> None:
    year = "Takeout/Google Photos/Photos from 2023"
    told = {"photoTakenTime": {"timestamp": "1"}, "googlePhotosOrigin": origin}
    (found,) = pictures(build({f"{year}/a.jpg": None, f"{year}/a.jpg.json": told})).values()
    assert (found.author, found.author_name, found.audience) == (author, None, Audience.UNKNOWN)


YEARS = ("Photos from 2023", "Photos de 2023", "Fotos de 2023", "Fotos del 2023", "Fotos von 2023")


@pytest.mark.parametrize(
    ("folder", "kind", "album"),
    [
        *((year, PictureKind.LIBRARY, None) for year in YEARS),
        *((name, PictureKind.ARCHIVE, None) for name in ("Archive", "Archiv", "Archivo")),
        ("Sans titre(9)", PictureKind.LIBRARY, "Sans titre(9)"),
        ("Archive of the choir", PictureKind.LIBRARY, "Archive of the choir"),
    ],
)
def test_folder_of_the_library_is_a_year_the_archive_or_an_album(
    build: Build, folder: str, kind: PictureKind, album: str | None
) -> None:
    path = f"Takeout/Google Photos/{folder}/a.jpg"
    docs = build({path: None, f"{path}.json": {"photoTakenTime": {"timestamp": "1"}}})
    for context in (pictures(docs)[path], GoogleTakeout().unlisted(path)):
        assert (context.kind, context.album) == (kind, album)


def test_album_called_archive_is_an_album(build: Build) -> None:
    path = "Takeout/Google Photos/Archive/a.jpg"
    told: dict[str, Json] = {
        f"{path}.json": {"photoTakenTime": {}},
        path.replace("a.jpg", "metadata.json"): {},
    }
    (found,) = pictures(build({path: None} | told)).values()
    assert (found.kind, found.album) == (PictureKind.ALBUM, "Archive")


def old_hangouts(count: int) -> dict[str, Json]:
    url = "https://lh3.googleusercontent.com/-a/s0/IMG_1.jpg"
    event = {
        "sender_id": {"gaia_id": "2"},
        "timestamp": "1473187568123456",
        "chat_message": {"message_content": {"attachment": [{"embed_item": {"x": {"url": url}}}]}},
    }
    people = [{"id": {"gaia_id": n}, "fallback_name": f"P{n}"} for n in "123"]
    told = {"name": "Choir", "participant_data": people}
    return {
        "Takeout/Hangouts/Hangouts.json": {
            "conversation_state": [
                {"conversation_state": {"conversation": told, "event": [event] * count}}
            ]
        },
        "Takeout/Hangouts/IMG_1.jpg": None,
    }


def test_hangouts_of_2015_are_read(build: Build) -> None:
    (found,) = pictures(build(old_hangouts(1))).values()
    assert (found.album, found.audience) == ("Choir", Audience.GROUP)
    assert found.author is Author.UNKNOWN


def test_hangouts_conversation_without_its_description_has_not_that_before_it(
    build: Build,
) -> None:
    files = old_hangouts(1)
    document = files["Takeout/Hangouts/Hangouts.json"]
    (first,) = document["conversation_state"]
    first["conversation_state"]["conversation"]["id"] = {"id": "a"}
    (event,) = first["conversation_state"]["event"]
    document["conversation_state"] += [
        {"conversation_state": {"event": [event | {"conversation_id": {"id": other}}]}}
        for other in "ba"
    ]
    found = [f.context for f in GoogleTakeout().read(build(files)) if isinstance(f, Picture)]
    assert [c.album for c in found] == ["Choir", None, "Choir"]
    assert found[1].audience is Audience.UNKNOWN


def test_hangouts_conversation_of_any_length_is_a_stream(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonevents, "_MOST_EVENTS", 100)
    docs = build(old_hangouts(200))
    assert len(list(GoogleTakeout().read(docs))) == 200
    assert docs.troubles == ()


@pytest.mark.parametrize(
    "url", ["https://plus.google.com/photos/1", "file:///etc/passwd", "https://[", 7, None]
)
def test_attachment_that_is_no_picture_of_hangouts_is_left(build: Build, url: Json) -> None:
    files = old_hangouts(1)
    event = files["Takeout/Hangouts/Hangouts.json"]["conversation_state"][0]["conversation_state"]
    event["event"][0]["chat_message"]["message_content"]["attachment"] = [{"url": url}]
    assert list(GoogleTakeout().read(build(files))) == []


def films(build: Build, titles: str, *names: str) -> dict[str, str | None]:
    rows = (f"abcdefghij{n},{title},Private" for n, title in enumerate(titles.split("|")))
    docs = build(
        {f"{YOUTUBE}/videos/{name}": None for name in names},
        {f"{YOUTUBE}/x/videos.csv": csv("Video ID,Video Title (Original),Privacy", *rows)},
    )
    told = pictures(docs)
    links = {path.rpartition("/")[2]: context.permalink for path, context in told.items()}
    return {name: (link or "").rpartition("=")[2] for name, link in links.items()}


def test_film_is_found_by_what_a_title_leaves_in_a_name(build: Build) -> None:
    assert films(build, "What? A: B*C/D", "What_ A_ B_C_D.mp4") == {
        "What_ A_ B_C_D.mp4": "abcdefghij0"
    }
    assert films(build, "What; A|🎉🎉", "What A.mp4", "🎉🎉.mp4") == {
        "What A.mp4": "abcdefghij0",
        "🎉🎉.mp4": "abcdefghij1",
    }


@pytest.mark.parametrize("titles", ["Trip|Trip (1)", "Trip (1)|Trip"])
def test_title_that_ends_in_a_number_is_told_from_a_counter(build: Build, titles: str) -> None:
    found = films(build, titles, "Trip.mp4", "Trip (1).mp4")
    assert found == {f"{title}.mp4": f"abcdefghij{n}" for n, title in enumerate(titles.split("|"))}


def test_of_two_films_with_one_title_neither_is_guessed(build: Build) -> None:
    assert films(build, "Trip|Trip", "Trip.mp4", "Trip(1).mp4") == {
        "Trip.mp4": "",
        "Trip(1).mp4": "",
    }


def test_row_in_an_unknown_language_without_a_film_names_nothing(build: Build) -> None:
    table = csv("Identifiant,Durée (ms),Titre", "abcdefghij0,1000,Vélo")
    docs = build({f"{YOUTUBE}/métadonnées/vidéos.csv": table, f"{YOUTUBE}/x/Trip.mp4": None})
    assert list(GoogleTakeout().read(docs)) == []


def test_short_name_is_not_the_start_of_another_title(build: Build) -> None:
    assert films(build, "My holiday in the mountains 2", "My holiday in the mountains.mp4") == {}


def test_table_in_drive_is_nobodys_post(build: Build) -> None:
    folder = "Takeout/Drive/YouTube/x"
    docs = build({f"{folder}/p.csv": csv("Name", "a.jpg"), f"{folder}/a.jpg": None})
    assert list(GoogleTakeout().read(docs)) == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://x.example/s320/my%20bike.jpg", "my bike.jpg"),
        ("https://x.example/s320/my+bike.jpg", "my bike.jpg"),
        ("https://x.example/s320/my%2Bbike.jpg", "my bike.jpg"),
        ("https://x.example/s320/my%2520bike.jpg", "my bike.jpg"),
        ("https://x.example/s320/my+bike.jpg=w640-h480", "my+bike.jpg"),
        ("https://x.example/img/bike.jpg?key=1", "bike.jpg"),
    ],
)
def test_picture_of_a_post_is_found_in_the_album_of_its_blog(
    build: Build, address: str, name: str
) -> None:
    feed = (
        "<feed><entry><id>tag:blogger.com,1999:blog-5.post-1</id>"
        f"<content type='html'>&lt;img src='{address}'&gt;</content></entry></feed>"
    )
    blog = {"Takeout/Blogger/Blogs/B/feed.atom": feed.encode()}
    docs = build(blog | {f"Takeout/Blogger/Albums/B/{name}": None})
    assert list(pictures(docs)) == [f"Takeout/Blogger/Albums/B/{name}"]
    docs = build(blog | {f"Takeout/Blogger/Albums/Other/{name}": None})
    (found,) = GoogleTakeout().read(docs)
    assert isinstance(found, Address)
    assert found.address == address.partition("?")[0]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://ria:secret@x.example:8080/a.jpg?token=1#b", "https://x.example:8080/a.jpg"),
        (" http://x.example/a b.jpg ", "http://x.example/a b.jpg"),
        ("https://x.example:port/a.jpg", None),
        ("https://[/a.jpg", None),
        ("https:///a.jpg", None),
        ("ftp://x.example/a.jpg", None),
        ("a.jpg", None),
        (7, None),
    ],
)
def test_address_is_kept_without_what_lets_others_in(written: Json, kept: str | None) -> None:
    found = web_address(written)
    assert (found and found.geturl()) == kept


def test_missing_attachment_is_named_in_the_folder_of_its_chat(build: Build) -> None:
    files = chat(2)
    del files[f"{CHAT}/a.jpg"]
    (found,) = GoogleTakeout().read(build(files))
    assert found == Missing(path=f"{CHAT}/a.jpg", listed_in=f"{CHAT}/messages.json")


def test_text_without_end_is_no_time() -> None:
    # So long that a look from each letter to the last would never come back.
    assert written("a" * 1_000_000) is None
    assert written("3 may 2020 at 1:02:03 utc".rjust(101, "x")) is None
