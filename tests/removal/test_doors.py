"""The data: a door for every platform on the web, plain addresses, and what each must tell."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from selfcheck.exports import EXPORTS, Export
from selfcheck.flows.naming import PLATFORM
from selfcheck.removal import Door, DoorKind, Situation, catalogue, door_for, named, of_kind
from selfcheck.removal.door import CONFIRMING, FRESH, Form
from selfcheck.removal.words import checked, unconfirmed

# Nobody else holds the picture: it came with the mail, or lies in a folder of one's own.
NOT_ON_THE_WEB = {"mail", "folder"}
ON_THE_WEB = [export for export in EXPORTS if export.name not in NOT_ON_THE_WEB]
SITES = {"saved_pages", "bookmarks"}
FORMS = [(door, form) for door in catalogue() for way in door.ways for form in way.forms]
LOADED = date(2026, 11, 27)


def test_every_file_is_a_door_and_every_door_a_file() -> None:
    names = {file.name for file in files("selfcheck.removal").joinpath("doors").iterdir()}
    assert names == {f"{door.name}.toml" for door in catalogue()}


@pytest.mark.parametrize("export", ON_THE_WEB, ids=lambda export: export.name)
def test_every_platform_of_exports_that_stands_on_the_web_has_a_door(export: Export) -> None:
    door = door_for(export.title)
    assert door is not None
    assert door.name == ("website" if export.name in SITES else export.name)


def test_every_platform_door_is_one_of_exports() -> None:
    names = {export.name for export in EXPORTS}
    assert {door.name for door in of_kind(DoorKind.PLATFORM)} <= names


def test_what_stands_nowhere_has_no_door() -> None:
    titles = {export.title for export in EXPORTS if export.name in NOT_ON_THE_WEB}
    assert {door_for(title) for title in titles} == {None}


def test_threads_is_asked_like_instagram_and_a_web_address_like_any_site() -> None:
    assert door_for("Threads") == named("instagram")
    assert door_for(PLATFORM) == named("website")


def test_no_platform_has_two_doors() -> None:
    served = [title for door in catalogue() for title in door.serves]
    assert len(served) == len(set(served))


def test_the_doors_of_the_issue_are_there() -> None:
    assert {door.name for door in of_kind(DoorKind.FACES)} >= {"clearview", "pimeyes", "facecheck"}
    assert {door.name for door in of_kind(DoorKind.INTIMATE)} == {"stopncii", "takeitdown"}
    assert {door.name for door in of_kind(DoorKind.SEARCH)} >= {"google_search", "bing", "yandex"}


@pytest.mark.parametrize(("door", "form"), FORMS, ids=[form.address for _, form in FORMS])
def test_every_address_is_https_and_carries_nothing_that_tracks(door: Door, form: Form) -> None:
    parts = urlsplit(form.address)
    assert parts.scheme == "https"
    assert parts.hostname
    assert parts.username is None
    assert parts.port is None
    assert parts.query == parts.fragment == ""
    assert form.address == form.address.strip()
    assert form.verified <= (door.source in CONFIRMING)


@pytest.mark.parametrize(("door", "form"), FORMS, ids=[form.address for _, form in FORMS])
def test_an_address_that_is_not_confirmed_says_where_else_to_look(door: Door, form: Form) -> None:
    said = unconfirmed(form)
    assert (said == "") == form.verified
    if said:
        assert said == f"not confirmed; look for it under: {form.under}"


@pytest.mark.parametrize("door", catalogue(), ids=lambda door: door.name)
def test_no_text_holds_an_address_that_no_form_names(door: Door) -> None:
    texts = [
        *door.asks,
        *door.costs,
        door.usual,
        *(step for way in door.ways for step in way.steps),
    ]
    assert not [text for text in texts if re.search(r"https?:", text)]


@pytest.mark.parametrize("door", of_kind(DoorKind.FACES), ids=lambda door: door.name)
def test_a_face_search_engine_tells_that_asking_costs_a_face(door: Door) -> None:
    assert any("photo of your face" in cost for cost in door.costs)


@pytest.mark.parametrize("door", of_kind(DoorKind.SEARCH), ids=lambda door: door.name)
def test_a_search_engine_has_steps_for_its_cache_alone(door: Door) -> None:
    assert [way.situation for way in door.ways] == [Situation.CACHE]
    assert door.way(Situation.OWN) is None


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("google_search", "https://search.google.com/search-console/remove-outdated-content"),
        ("google_search", "https://support.google.com/websearch/answer/9673730"),
        ("bing", "https://www.bing.com/webmaster/tools/content-removal"),
        ("bing", "https://www.microsoft.com/en-us/concern/bing"),
    ],
)
def test_google_and_bing_are_asked_about_old_copies_and_about_personal_content(
    name: str, address: str
) -> None:
    way = named(name).way(Situation.CACHE)
    assert way is not None
    assert address in {form.address for form in way.forms if form.verified}


@pytest.mark.parametrize("door", catalogue(), ids=lambda door: door.name)
def test_an_entry_is_stale_after_180_days_and_says_so(door: Door) -> None:
    last = door.checked + FRESH
    assert timedelta(days=180) == FRESH
    assert not door.stale(last)
    assert "months ago" not in checked(door, last)
    assert door.stale(last + timedelta(days=1))
    assert "about 6 months ago" in checked(door, last + timedelta(days=1))


def test_an_entry_says_what_it_was_checked_against() -> None:
    assert checked(named("slack"), LOADED).startswith(
        "Checked on 27 November 2026 from memory only"
    )
    assert "stored copy of its own pages" in checked(named("pimeyes"), LOADED)
    assert "research notes" in checked(named("findclone"), LOADED)
    assert "what others publish" in checked(named("x"), LOADED)


@pytest.mark.parametrize(
    ("door", "addressee"),
    [
        ("google_takeout", "Google"),
        ("facebook", "Meta (Facebook)"),
        ("mastodon", "the owner of the server"),
        ("flickr", ""),
    ],
)
def test_letters_go_to_who_holds_the_picture_and_not_to_an_export(
    door: str, addressee: str
) -> None:
    assert named(door).addressee == addressee


def test_the_steps_of_search4faces_say_what_its_letter_does() -> None:
    way = named("search4faces").way(Situation.FACES)
    assert way is not None
    assert any("names no profile and no picture" in step for step in way.steps)


def test_an_unknown_name_is_no_door() -> None:
    with pytest.raises(KeyError):
        named("myspace")
