"""What to do about each picture: with whom, how far it is, letters, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from removal_stage import BY_OTTO, LOOSE, NOW, ON_A_PAGE, OWN, home_with

from selfcheck.errors import LedgerError, SelfcheckError, UsageError
from selfcheck.flows import removing
from selfcheck.flows.scan import now
from selfcheck.flows.status import look
from selfcheck.identity import PassphraseKeys
from selfcheck.ledger import Ledger
from selfcheck.privacy.paths import Home
from selfcheck.removal import LetterKind, Person, Situation, State, asked, moved

TODAY = NOW.date()
ADA = Person(name="Ada Example", contact="ada@example.org")


def test_before_any_scan_there_is_nothing_to_remove(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        removing.tasks(home=Home(root=tmp_path), today=TODAY)


def test_pictures_come_in_the_order_in_which_they_are_to_be_dealt_with(tmp_path: Path) -> None:
    home = home_with(tmp_path, (OWN,), (BY_OTTO,), (LOOSE,))
    assert [task.name[:2] for task in removing.tasks(home=home, today=TODAY)] == ["22", "11", "33"]


def test_everybody_who_can_take_a_picture_down_is_named_once(tmp_path: Path) -> None:
    again = replace(BY_OTTO, caption="Again")
    elsewhere = replace(ON_A_PAGE, permalink="https://blog.example/1")
    home = home_with(tmp_path, (BY_OTTO, again, OWN, ON_A_PAGE, ON_A_PAGE, elsewhere, LOOSE))
    (task,) = removing.tasks(home=home, today=TODAY)
    assert [(place.door.name, place.situation) for place in task.places] == [
        ("facebook", Situation.OTHER),
        ("instagram", Situation.OWN),
        ("website", Situation.PAGE),
        ("website", Situation.PAGE),
    ]
    assert [place.name for place in task.places][2:] == ["club.example", "blog.example"]
    assert {place.state for place in task.places} == {State.FOUND}


@pytest.mark.parametrize("link", ["http://[x", "javascript:alert(1)", "https://", "\x00"])
def test_what_is_no_address_names_no_host(tmp_path: Path, link: str) -> None:
    home = home_with(tmp_path, (replace(ON_A_PAGE, permalink=link),))
    (task,) = removing.tasks(home=home, today=TODAY)
    assert [place.name for place in task.places] == ["website"]


def test_a_picture_in_ones_own_files_has_nobody_to_ask(tmp_path: Path) -> None:
    (task,) = removing.tasks(home=home_with(tmp_path, (LOOSE,)), today=TODAY)
    assert task.places == ()


def test_what_was_asked_stays_noted_and_survives_the_next_scan(tmp_path: Path) -> None:
    home = home_with(tmp_path, (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    place = task.places[0]
    sent = asked(place.removal, kind=LetterKind.ERASURE, to="Facebook", on=TODAY)
    removing.note(sent, home=home)
    home_with(tmp_path, (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    assert task.places[0].removal == sent
    assert task.places[0].removal.due_on == date(2026, 12, 27)


def test_what_recheck_saw_gone_at_every_address_counts_as_gone(tmp_path: Path) -> None:
    (task,) = removing.tasks(home=home_with(tmp_path, (ON_A_PAGE,), gone=True), today=TODAY)
    assert (task.places[0].state, task.places[0].gone) == (State.GONE, TODAY)


def test_a_platform_is_not_taken_for_gone_because_a_page_is(tmp_path: Path) -> None:
    home = home_with(tmp_path, (BY_OTTO, ON_A_PAGE), gone=True)
    (task,) = removing.tasks(home=home, today=TODAY)
    assert [place.state for place in task.places] == [State.FOUND, State.GONE]


@pytest.mark.parametrize("name", ["", "1", "11111", "9999999", "zzzzzz"])
def test_a_name_that_is_too_short_or_nobodys_is_refused(tmp_path: Path, name: str) -> None:
    tasks = removing.tasks(home=home_with(tmp_path, (OWN,)), today=TODAY)
    with pytest.raises(UsageError):
        removing.find(tasks, name)
    assert removing.find(tasks, "111111") is tasks[0]


def test_whoever_posted_it_is_asked_by_name_and_the_platform_by_its_own(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    kinds = (LetterKind.UPLOADER, LetterKind.ERASURE)
    paths = removing.write_letters(
        task, task.places[0], kinds, person=ADA, folder=tmp_path, home=home, now=NOW
    )
    assert {path.name for path in paths} == {
        f"11111111-facebook-{name}.{suffix}"
        for name in ("uploader", "erasure", "note")
        for suffix in ("md", "html")
    }
    texts = {path.name: path.read_text() for path in paths}
    assert "Otto Example" in texts["11111111-facebook-uploader.md"]
    assert "Otto Example" not in texts["11111111-facebook-erasure.md"]
    assert "https://www.facebook.com/photo/1" in texts["11111111-facebook-erasure.html"]
    assert all("46.55834" not in text for text in texts.values())
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        assert {one.path for one in ledger.written()} == set(paths)


def test_a_face_search_engine_is_told_of_no_picture(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    engine = removing.engine("clearview", home=home, today=TODAY)
    paths = removing.write_letters(
        None, engine, (LetterKind.FACES,), person=ADA, folder=tmp_path, home=home, now=NOW
    )
    for path in paths:
        assert "facebook.com/photo" not in path.read_text()
    with pytest.raises(UsageError):
        removing.engine("facebook", home=home, today=TODAY)


def test_letters_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    with pytest.raises(SelfcheckError):
        removing.write_letters(
            task,
            task.places[0],
            (LetterKind.UPLOADER,),
            person=ADA,
            folder=tmp_path / "nowhere",
            home=home,
            now=NOW,
        )


def test_what_a_reminder_says_to_type_leads_to_what_it_is_about(tmp_path: Path) -> None:
    home = home_with(tmp_path, (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    name, option, place = removing.called(task.places[0].removal).split()
    assert removing.find((task,), name) is task
    assert (option, place) == ("--at", task.places[0].name)
    engine = removing.engine("clearview", home=home, today=TODAY)
    assert removing.called(engine.removal) == "--engine clearview"


def test_what_is_due_stands_in_the_status_and_in_the_calendar(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,), (OWN,))
    first, second = removing.tasks(home=home, today=TODAY)
    sent = now().astimezone().date() - timedelta(days=40)
    for task in (first, second):
        place = replace(task.places[0], removal=replace(task.places[0].removal, since=sent))
        removing.note(
            asked(place.removal, kind=LetterKind.ERASURE, to=place.door.title, on=sent), home=home
        )
    (due,) = (one for one in removing.every_removal(home=home) if one.item.startswith("2"))
    removing.note(moved(due, State.ANSWERED, on=TODAY), home=home)
    seen = look(home=home, keys=PassphraseKeys(tmp_path / "none", lambda **_: ""), now=now())
    (reminder,) = seen.due
    assert (reminder.removal.to, reminder.late > 0) == ("Facebook", True)
    assert removing.write_calendar(tmp_path / "due.ics", home=home, now=NOW) == 1
    assert b"Facebook" in (tmp_path / "due.ics").read_bytes()
