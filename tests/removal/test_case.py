"""A case is filled from an exposure, and letters are suggested by where the picture stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from selfcheck.model import Author, Context, Exposure, Leak
from selfcheck.removal import (
    DoorKind,
    Law,
    LetterKind,
    Situation,
    authorities,
    case_of,
    catalogue,
    poster,
    sendable,
    suggested,
    write_letter,
)

TODAY = date(2026, 11, 27)


def test_a_case_holds_what_the_export_tells_of_the_place(
    exposure: Exposure, context: Context
) -> None:
    case = case_of(exposure, context, written=TODAY)
    assert (case.platform, case.album, case.caption) == ("Flickr", "2020", "Regatta")
    assert case.addresses == ("https://photos.example/1",)
    assert case.derived
    assert case.posted == context.time


def test_a_case_keeps_the_kinds_of_what_is_given_away_once_and_no_value(
    exposure: Exposure, context: Context
) -> None:
    case = case_of(exposure, context, written=TODAY)
    assert case.gives_away == (Leak.GPS, Leak.SERIAL)
    for kind in LetterKind:
        letter = write_letter(kind, case)
        for value in ("SN-0815", "52.5163", "13.3777"):
            assert value not in repr(case) + letter.markdown + letter.html


def test_whoever_posted_it_is_asked_unless_another_is_named(
    exposure: Exposure, context: Context
) -> None:
    assert case_of(exposure, context, written=TODAY).recipient == "Sam Uploader"
    assert (
        case_of(exposure, context, written=TODAY, recipient="Flickr Inc.").recipient
        == "Flickr Inc."
    )


@pytest.mark.parametrize("author", [Author.OWNER, Author.UNKNOWN])
def test_where_nobody_else_is_known_to_have_posted_it_nobody_is_named(
    exposure: Exposure, context: Context, author: Author
) -> None:
    unknown = replace(context, author=author)
    assert case_of(exposure, unknown, written=TODAY).recipient == poster(unknown) == ""
    nameless = replace(context, author_name=None)
    assert poster(nameless) == poster(None) == ""
    assert poster(context) == "Sam Uploader"


def test_a_picture_without_context_makes_a_case_too(exposure: Exposure, context: Context) -> None:
    bare = Context(platform="WhatsApp", kind=context.kind)
    case = case_of(exposure, bare, written=TODAY)
    assert case.addresses == ()
    assert (case.caption, case.album, case.posted) == ("", "", None)


@pytest.mark.parametrize("law", Law)
def test_people_are_asked_before_laws_are_named(law: Law) -> None:
    other = suggested(DoorKind.PLATFORM, Situation.OTHER, law)
    page = suggested(DoorKind.WEBSITE, Situation.PAGE, law)
    assert (other[0], page[0]) == (LetterKind.UPLOADER, LetterKind.OWNER)
    assert len(other) == {Law.NONE: 1, Law.GDPR: 4, Law.CCPA: 3}[law]


@pytest.mark.parametrize("law", Law)
def test_a_face_search_engine_gets_its_own_letter_first(law: Law) -> None:
    assert suggested(DoorKind.FACES, Situation.FACES, law)[0] is LetterKind.FACES


@pytest.mark.parametrize("law", Law)
def test_no_letter_for_ones_own_picture_nor_where_a_form_does_it_all(law: Law) -> None:
    assert suggested(DoorKind.PLATFORM, Situation.OWN, law) == ()
    assert suggested(DoorKind.WEBSITE, Situation.OWN, law) == ()
    assert suggested(DoorKind.SEARCH, Situation.CACHE, law) == ()
    assert suggested(DoorKind.INTIMATE, Situation.INTIMATE, law) == ()


@pytest.mark.parametrize("law", Law)
def test_every_way_of_every_door_has_its_suggestions(law: Law) -> None:
    for door in catalogue():
        for way in door.ways:
            letters = suggested(door.kind, way.situation, law)
            assert len(letters) == len(set(letters))


@pytest.mark.parametrize(
    ("kind", "situation", "unfit"),
    [
        (DoorKind.PLATFORM, Situation.OTHER, {LetterKind.FACES, LetterKind.OWNER}),
        (DoorKind.PLATFORM, Situation.PAGE, {LetterKind.FACES}),
        (
            DoorKind.PLATFORM,
            Situation.OWN,
            {LetterKind.FACES, LetterKind.OWNER, LetterKind.UPLOADER},
        ),
        (DoorKind.WEBSITE, Situation.PAGE, {LetterKind.FACES, LetterKind.UPLOADER}),
        (DoorKind.FACES, Situation.FACES, {LetterKind.OWNER, LetterKind.UPLOADER}),
        (DoorKind.SEARCH, Situation.CACHE, set(LetterKind)),
    ],
)
def test_what_can_be_sent_to_a_place_is_what_fits_it_by_any_law(
    kind: DoorKind, situation: Situation, unfit: set[LetterKind]
) -> None:
    assert set(sendable(kind, situation)) == set(LetterKind) - unfit
    assert len(sendable(kind, situation)) == len(set(sendable(kind, situation)))


def test_one_complains_to_the_authorities_of_the_law_that_was_used() -> None:
    assert authorities(set()) == authorities({Law.NONE}) == ()
    assert [each.name for each in authorities({Law.CCPA})] == ["authority_california"]
    assert [each.name for each in authorities({Law.GDPR})] == ["authority_eu", "authority_uk"]
