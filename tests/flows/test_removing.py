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
from selfcheck.model import PictureKind
from selfcheck.privacy.paths import Home
from selfcheck.removal import LetterKind, Person, Situation, State, asked, moved, undone

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
    assert removing.find(tasks, "111111 ") is tasks[0]


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


def letters(
    home: Home,
    folder: Path,
    *kinds: LetterKind,
    person: Person = ADA,
    written: date = TODAY,
    place: int = 0,
) -> dict[str, str]:
    """Write letters about the first picture; give each file's text by its name."""
    task = removing.tasks(home=home, today=TODAY)[0]
    paths = removing.write_letters(
        task,
        task.places[place],
        kinds,
        person=person,
        folder=folder,
        home=home,
        now=NOW,
        written=written,
    )
    return {path.name: path.read_text() for path in paths}


def test_a_letter_that_was_filled_in_is_not_replaced_and_nothing_else_is_written(
    tmp_path: Path,
) -> None:
    home, folder = home_with(tmp_path / "home", (BY_OTTO,)), tmp_path / "letters"
    letters(home, folder, LetterKind.UPLOADER)
    mine = folder / "11111111-facebook-uploader.md"
    mine.write_text("Dear Otto")
    with pytest.raises(UsageError, match=r"uploader\.md is there already") as refused:
        letters(home, folder, LetterKind.UPLOADER, LetterKind.ERASURE)
    assert "another folder" in refused.value.hint
    assert mine.read_text() == "Dear Otto"
    assert not list(folder.glob("*erasure*"))


def test_a_letter_with_more_at_its_end_and_one_that_cannot_be_read_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    letters(home, tmp_path, LetterKind.UPLOADER)
    mine = tmp_path / "11111111-facebook-uploader.md"
    with monkeypatch.context() as unreadable:
        unreadable.setattr(Path, "is_file", lambda _: (_ for _ in ()).throw(PermissionError))
        with pytest.raises(UsageError, match="is there already"):
            letters(home, tmp_path, LetterKind.UPLOADER)
    mine.write_text(mine.read_text() + "P.S.")
    with pytest.raises(UsageError, match="is there already"):
        letters(home, tmp_path, LetterKind.UPLOADER)
    assert mine.read_text().endswith("P.S.")


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_lies_under_a_letters_name_and_is_no_letter_stays(tmp_path: Path, kind: str) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    taken = tmp_path / "11111111-facebook-uploader.html"
    if kind == "folder":
        taken.mkdir()
    else:
        taken.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is there already"):
        letters(home, tmp_path, LetterKind.UPLOADER)
    assert taken.is_dir() or taken.is_symlink()


def test_the_same_letters_are_written_again_and_with_a_law_more_of_them(tmp_path: Path) -> None:
    home, folder = home_with(tmp_path / "home", (BY_OTTO,)), tmp_path / "letters"
    first = letters(home, folder, LetterKind.UPLOADER)
    again = letters(home, folder, LetterKind.UPLOADER, LetterKind.ERASURE)
    assert len(again) == len(first) + 2
    assert again["11111111-facebook-note.md"] != first["11111111-facebook-note.md"]


def test_a_missing_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home, folder = home_with(tmp_path / "home", (BY_OTTO,)), tmp_path / "a" / "letters"
    letters(home, folder, LetterKind.UPLOADER)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    home, file = home_with(tmp_path / "home", (BY_OTTO,)), tmp_path / "letters"
    file.write_text("mine")
    with pytest.raises(UsageError, match="cannot be a folder: a file has that name"):
        letters(home, file, LetterKind.UPLOADER)
    assert file.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    with pytest.raises(SelfcheckError, match="could not be made"):
        letters(home, tmp_path / ("x" * 300), LetterKind.UPLOADER)


def test_letters_are_of_the_day_that_was_given(tmp_path: Path) -> None:
    home, day = home_with(tmp_path / "home", (BY_OTTO,)), date(2026, 11, 3)
    for text in letters(home, tmp_path, LetterKind.ERASURE, written=day).values():
        assert "3 November 2026" in text
    texts = letters(home, tmp_path / "today", LetterKind.ERASURE)
    assert "Date: 27 November 2026" in texts["11111111-facebook-erasure.md"]


def test_where_nobody_is_known_to_have_posted_it_no_platform_is_greeted(tmp_path: Path) -> None:
    nobody = replace(BY_OTTO, platform="Google Takeout", author_name=None)
    home = home_with(tmp_path / "home", (nobody,))
    texts = letters(home, tmp_path, LetterKind.UPLOADER, LetterKind.ERASURE)
    friendly = texts["11111111-google_takeout-uploader.md"]
    assert "To: [name of the person who posted it]" in friendly
    assert "Hi [name]," in friendly
    assert "To: Google, [its mail" in texts["11111111-google_takeout-erasure.md"]


def test_the_owner_of_a_page_is_asked_and_not_its_platform(tmp_path: Path) -> None:
    page = replace(BY_OTTO, kind=PictureKind.PAGE)
    home = home_with(tmp_path / "home", (page, ON_A_PAGE))
    owner = letters(home, tmp_path, LetterKind.OWNER)["11111111-facebook-owner.md"]
    assert "To: [name of the page or group, or of who runs it]," in owner
    site = letters(home, tmp_path, LetterKind.OWNER, place=1)
    assert "To: club.example, [its mail address" in site["11111111-club.example-owner.md"]


@pytest.mark.parametrize("text", ["<html>", "", "BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\n"])
def test_a_calendar_replaces_no_file_but_its_own(tmp_path: Path, text: str) -> None:
    home, path = home_with(tmp_path / "home", (BY_OTTO,)), tmp_path / "report.html"
    path.write_text(text, newline="")
    with pytest.raises(UsageError, match="is there already") as refused:
        removing.write_calendar(path, home=home, now=NOW)
    assert "due.ics" in refused.value.hint
    assert path.read_bytes() == text.encode()
    with pytest.raises(UsageError, match="is there already"):
        removing.spare(tmp_path)
    own = tmp_path / "due.ics"
    assert removing.write_calendar(own, home=home, now=NOW) == 0
    assert removing.write_calendar(own, home=home, now=NOW) == 0


def test_what_was_taken_back_stays_so_and_may_be_noted_of_an_earlier_day(tmp_path: Path) -> None:
    home = home_with(tmp_path, (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    sent = asked(task.places[0].removal, kind=LetterKind.ERASURE, to="Facebook", on=TODAY)
    removing.note(sent, home=home)
    removing.note(undone(sent), home=home)
    (task,) = removing.tasks(home=home, today=TODAY)
    assert task.places[0].state is State.FOUND
    early = date(2026, 11, 1)
    again = asked(task.places[0].removal, kind=LetterKind.ERASURE, to="Facebook", on=early)
    assert again.asked_on == early


@pytest.mark.parametrize("name", ["pimeyes", "PimEyes", " PIMEYES "])
def test_an_engine_is_found_by_name_or_title_in_any_case(tmp_path: Path, name: str) -> None:
    home = home_with(tmp_path, (BY_OTTO,))
    assert removing.engine(name, home=home, today=TODAY).name == "pimeyes"
    assert removing.engine("Clearview AI", home=home, today=TODAY).name == "clearview"


def test_all_that_waits_is_given_by_the_day_on_which_it_is_due(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    (task,) = removing.tasks(home=home, today=TODAY)
    seen = look(home=home, keys=PassphraseKeys(tmp_path / "none", lambda **_: ""), now=NOW)
    assert seen.asked == ()
    engine = removing.engine("pimeyes", home=home, today=TODAY).removal
    for one, kind, to in (
        (task.places[0].removal, LetterKind.ERASURE, "Facebook"),
        (engine, LetterKind.OPT_OUT, "PimEyes"),
    ):
        removing.note(asked(one, kind=kind, to=to, on=TODAY), home=home)
    gone = removing.engine("clearview", home=home, today=TODAY).removal
    removing.note(moved(gone, State.GONE, on=TODAY), home=home)
    seen = look(home=home, keys=PassphraseKeys(tmp_path / "none", lambda **_: ""), now=NOW)
    assert [one.to for one in seen.asked] == ["PimEyes", "Facebook"]


def test_letters_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    (tmp_path / "file").write_text("")
    (task,) = removing.tasks(home=home, today=TODAY)
    with pytest.raises(SelfcheckError):
        removing.write_letters(
            task,
            task.places[0],
            (LetterKind.UPLOADER,),
            person=ADA,
            folder=tmp_path / "file" / "below",
            home=home,
            now=NOW,
        )
    assert not list(tmp_path.glob("*.md"))


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
