"""A wrong file of doors/ is refused, with its name and the key that is wrong."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from selfcheck.removal.door import DoorKind, Situation, Source
from selfcheck.removal.reading import WrongDoor, read_door

GOOD = """
title = "Example Search"
kind = "search"
serves = []
checked = 2026-11-27
source = "own pages"
asks = ["The address."]
costs = ["Nothing."]
usual = "Days."

[[ways]]
situation = "cache"
steps = ["Ask."]

[[ways.forms]]
what = "Form"
address = "https://search.example/remove"
verified = true
under = "Help"
"""

WRONG = {
    "a key that is missing": ('usual = "Days."', "", "usual"),
    "a key that is not known": ('usual = "Days."', 'usual = "Days."\nusal = "x"', "usal"),
    "an empty text": ('"Days."', '" "', "usual"),
    "a text of two lines": ('"Days."', '"Da\\nys."', "usual"),
    "a text that would be cut": ('"Days."', f'"{"x" * 301}"', "usual"),
    "a number for a text": ('"Days."', "3", "usual"),
    "a kind that is none": ('"search"', '"portal"', "kind"),
    "a source that is none": ('"own pages"', '"hearsay"', "source"),
    "a date that is a text": ("2026-11-27", '"2026-11-27"', "checked"),
    "a date with a time": ("2026-11-27", "2026-11-27T10:00:00", "checked"),
    "no list": ('["Nothing."]', '"Nothing."', "costs"),
    "an empty list": ('["Nothing."]', "[]", "costs"),
    "a list of numbers": ('["Nothing."]', "[1]", "costs"),
    "a situation of another kind": ('"cache"', '"own"', "ways"),
    "a situation that is none": ('"cache"', '"elsewhere"', "situation"),
    "ways that are no list": ("[[ways]]", "[ways]", "ways"),
    "forms that are no tables": ("[[ways.forms]]", "forms = [1]\n[[ways]]", "forms"),
    "no steps": ('["Ask."]', "[]", "steps"),
    "plain http": ("https:", "http:", "address"),
    "a query": ("/remove", "/remove?utm_source=x", "address"),
    "a fragment": ("/remove", "/remove#x", "address"),
    "a user in front of the host": ("search.example/", "a@search.example/", "address"),
    "a flag that is a text": ("verified = true", 'verified = "yes"', "verified"),
    "an addressee that is no text": ("serves = []", "serves = []\naddressee = 3", "addressee"),
    "an empty addressee": ("serves = []", 'serves = []\naddressee = ""', "addressee"),
    "letters that are a text": ("verified = true", 'verified = true\nletters = "yes"', "letters"),
    "confirmed from memory": ('"own pages"', '"memory"', "verified"),
}


def test_a_good_file_is_read_as_it_stands() -> None:
    door = read_door("example", GOOD)
    assert (door.name, door.kind, door.source) == ("example", DoorKind.SEARCH, Source.OWN_PAGES)
    assert door.checked == date(2026, 11, 27)
    way = door.way(Situation.CACHE)
    assert way is not None
    assert way.steps == ("Ask.",)
    assert [form.address for form in way.forms] == ["https://search.example/remove"]


def test_who_gets_letters_and_where_may_stay_untold() -> None:
    told = GOOD.replace("serves = []", 'serves = []\naddressee = "Example Ltd"')
    told = told.replace("verified = true", "verified = true\nletters = true")
    for text, addressee, letters in ((GOOD, "", False), (told, "Example Ltd", True)):
        door = read_door("example", text)
        assert door.addressee == addressee
        assert [form.letters for way in door.ways for form in way.forms] == [letters]


@pytest.mark.parametrize(("old", "new", "key"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_by_name_and_key(old: str, new: str, key: str) -> None:
    assert old in GOOD
    with pytest.raises(WrongDoor, match=rf"(?s)example.*{key}"):
        read_door("example", GOOD.replace(old, new))


def test_a_situation_told_twice_is_refused() -> None:
    twice = GOOD + '\n[[ways]]\nsituation = "cache"\nsteps = ["Again."]\n'
    with pytest.raises(WrongDoor, match="ways"):
        read_door("example", twice)


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        read_door("example", "title = ")
