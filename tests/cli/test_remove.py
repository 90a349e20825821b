"""`selfcheck remove` as a person meets it: from the list to a finished letter."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from removal_stage import BY_OTTO, LOOSE, NOW, ON_A_PAGE, OWN, home_with

from selfcheck.cli import removal_words, remove
from selfcheck.cli.removal_wishes import Became, Wishes, day, law_named, refuse_nonsense
from selfcheck.errors import UsageError
from selfcheck.flows import removing
from selfcheck.model import Audience, Context, PictureKind
from selfcheck.privacy.paths import Home
from selfcheck.removal import Law, LetterKind, asked

TODAY = NOW.date()
NOTHING = Wishes(
    picture=None,
    engine=None,
    at=None,
    letters=None,
    law=None,
    name=None,
    contact=None,
    asked=None,
    became=None,
    undo=False,
    on=None,
    calendar=None,
    every=False,
)
HOSTILE = "[bold]x[/bold]\x1b[31m\u202e<script>"


def typed(home: Path, *words: str, command: str = "remove") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, so that its network ban ends with it."""
    return subprocess.run(
        [sys.executable, "-m", "selfcheck", command, *words],
        env={**os.environ, "SELFCHECK_HOME": str(home), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_from_the_list_to_a_finished_letter_without_reading_docs(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,), (OWN,)).root
    listed = typed(home)
    assert listed.returncode == 0, listed.stderr
    assert "11111111" in listed.stdout
    assert "selfcheck remove PICTURE" in listed.stderr
    steps = typed(home, "11111111")
    assert "Facebook" in steps.stdout
    assert "Letters: selfcheck remove 11111111 --letters FOLDER" in steps.stderr
    folder = tmp_path / "Letters"
    words = ("--letters", str(folder), "--law", "GDPR", "--name", "Ada Example")
    written = typed(home, "111111", *words)
    assert written.returncode == 0, written.stderr
    assert "Read the note first: open 11111111-facebook-note.html" in written.stderr
    assert "     selfcheck remove 11111111 --asked erasure\n" in written.stderr
    letter = (folder / "11111111-facebook-erasure.md").read_text()
    assert "Ada Example" in letter
    assert "legal advice" in (folder / "11111111-facebook-note.md").read_text()
    sent = typed(home, "11111111", "--asked", "erasure")
    assert sent.returncode == 0, sent.stderr
    assert "Noted: Facebook, asked for erasure on " in sent.stderr
    assert "asked, answer due " in typed(home).stdout
    assert "Asked: 1; the next answer is due on " in typed(home, command="status").stdout
    assert typed(home, "111111", "--became", "Gone").returncode == 0
    assert "gone" in typed(home).stdout


def test_before_any_scan_it_says_so(tmp_path: Path) -> None:
    shown = typed(tmp_path)
    assert shown.returncode == 1
    assert "Nothing was scanned yet." in shown.stderr


UNKNOWN = replace(BY_OTTO, audience=Audience.UNKNOWN)


@pytest.mark.parametrize("context", [ON_A_PAGE, BY_OTTO, UNKNOWN], ids=["page", "public", "post"])
def test_what_was_public_is_asked_of_search_engines_as_well(
    tmp_path: Path, context: Context
) -> None:
    shown = typed(home_with(tmp_path / "home", (context,)).root, "111111").stdout
    steps, _, search = shown.partition("A search engine's cached copy or outdated result")
    assert "search.google.com" not in steps
    said = search.partition("Will be asked for")[0].splitlines()
    assert (
        "- Google Search, gone or changed there: tool for outdated content: "
        "https://search.google.com/search-console/remove-outdated-content"
    ) in said
    assert [line for line in said if line.startswith("- Bing, gone or changed there: ")]
    for engine in ("Google Search", "Bing"):
        assert [line for line in said if line.startswith(f"- {engine}, still there")]
    for engine in ("Brave Search", "Internet Archive", "Yandex"):
        assert [line for line in said if line.startswith(f"- {engine}, ")]
    assert [line for line in said if line.startswith("- ") and "search engines" in line]


@pytest.mark.parametrize(
    "context",
    [replace(BY_OTTO, audience=Audience.FRIENDS), replace(UNKNOWN, kind=PictureKind.MESSAGE)],
    ids=["friends", "message"],
)
def test_what_few_could_see_is_not_asked_of_search_engines(
    tmp_path: Path, context: Context
) -> None:
    shown = typed(home_with(tmp_path / "home", (context,)).root, "111111").stdout
    assert "Will be asked for" in shown
    assert "cached copy" not in shown


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("999999",), "selfcheck remove lists them"),
        (("111111", "--asked", "ransom"), "one of uploader, erasure"),
        (("111111", "--asked", "faces"), "one of uploader, erasure"),
        (("111111", "--became", "answered"), "note first that you asked"),
        (("111111", "--at", "myspace"), "--at facebook"),
        (("222222", "--asked", "erasure"), "delete the file"),
        (("--engine", "facebook"), "one of clearview"),
        (("111111", "--engine", "pimeyes"), "selfcheck remove --engine NAME"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_one_thing_to_try(
    tmp_path: Path, words: tuple[str, ...], hint: str
) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,), (LOOSE,)).root
    shown = typed(home, *words)
    assert shown.returncode == 2
    assert "try:" in shown.stderr
    assert hint in shown.stderr
    assert "Traceback" not in shown.stderr


def test_hostile_words_of_an_export_appear_as_text(tmp_path: Path) -> None:
    context = replace(BY_OTTO, author_name=HOSTILE, caption=HOSTILE * 500)
    home = home_with(tmp_path / "home", (context,)).root
    shown = typed(home, "111111", "--letters", str(tmp_path), "--law", "gdpr")
    assert shown.returncode == 0, shown.stderr
    for path in tmp_path.glob("*-uploader.*"):
        text = path.read_text()
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "<script>" not in text
    noted = typed(home, "111111", "--asked", "uploader")
    assert noted.returncode == 0, noted.stderr
    assert "\x1b" not in noted.stderr
    assert "[bold]x[/bold]" in noted.stderr
    calendar = tmp_path / "due.ics"
    assert typed(home, "--calendar", str(calendar)).returncode == 0
    assert b"\x1b" not in calendar.read_bytes()
    assert "\x1b[31m" not in typed(home).stdout


class Shown:
    """What a command told on either channel, run here on a day that is given."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def __call__(self, **wished: Any) -> str:  # noqa: ANN401 -- wishes are of many types
        wishes = replace(NOTHING, **wished)
        refuse_nonsense(wishes)
        remove._do(wishes, self.home, NOW)
        shown = self.capsys.readouterr()
        return shown.out + shown.err


PICTURES = ((BY_OTTO,), (OWN,), (LOOSE,), (replace(BY_OTTO, author_name=None), ON_A_PAGE))


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shown:
    return Shown(home_with(tmp_path / "home", *PICTURES), capsys)


def refused(told: Shown, **wished: Any) -> tuple[str, str]:  # noqa: ANN401 -- as above
    with pytest.raises(UsageError) as error:
        told(**wished)
    return error.value.sentence, error.value.hint


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"picture": "111111", "engine": "pimeyes"}, "either a picture or --engine"),
        ({"picture": "111111", "asked": "erasure", "became": Became.GONE}, "Only one thing"),
        ({"picture": "111111", "asked": "erasure", "undo": True}, "Only one thing"),
        ({"asked": "erasure"}, "--asked needs a picture"),
        ({"became": Became.GONE}, "--became needs a picture"),
        ({"undo": True}, "--undo needs a picture"),
        ({"letters": Path("letters")}, "--letters needs a picture"),
        ({"law": "gdpr"}, "--law needs a picture"),
        ({"at": "facebook"}, "--at needs a picture"),
        ({"on": "2026-11-27"}, "--on needs a picture"),
        ({"name": "Ada", "calendar": Path("due.ics")}, "--name needs a picture"),
        ({"picture": "111111", "law": "gdpr"}, "--law is for letters"),
        ({"picture": "111111", "name": "Ada", "asked": "erasure"}, "--name is for letters"),
        ({"picture": "111111", "contact": "x"}, "--contact is for letters"),
        ({"picture": "111111", "on": "2026-11-27"}, "--on is the day"),
        ({"picture": "111111", "on": "2026-11-27", "undo": True}, "--on is the day"),
        ({"picture": "111111", "every": True}, "--all is for the list"),
        ({"engine": "pimeyes", "at": "facebook"}, "--at is for a picture"),
        ({"picture": "111111", "letters": Path("x"), "law": "germany"}, "'germany' is no law"),
    ],
)
def test_what_makes_no_sense_together_is_refused_and_not_left_undone(
    wished: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError) as error:
        refuse_nonsense(replace(NOTHING, **wished))
    assert sentence in error.value.sentence
    assert error.value.hint


def test_a_law_is_read_in_any_case_and_a_wrong_one_says_for_whom_each_is() -> None:
    with pytest.raises(UsageError) as error:
        law_named("germany")
    assert "gdpr in the EU, the EEA and the UK" in error.value.hint
    assert "ccpa in California" in error.value.hint
    assert (law_named(None), law_named("none")) == (Law.NONE, Law.NONE)
    assert (law_named("GDPR"), law_named(" ccpa ")) == (Law.GDPR, Law.CCPA)


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("2027-12-01", "2027-12-01 is in the future.", "the same command with --on 2026-11-27"),
        ("2026-11-28", "2026-11-28 is in the future.", "the same command with --on 2026-11-27"),
        ("26.11.2026", "'26.11.2026' is no day", "write it as 2026-11-26"),
        ("3.1.2026", "'3.1.2026' is no day", "write it as 2026-01-03"),
        ("31.31.2026", "is no day", "write it as 2026-11-27"),
        ("11/12/2026", "is no day", "write it as 2026-11-27"),
        ("yesterday", "is no day", "write it as 2026-11-27"),
        ("", "is no day", "write it as 2026-11-27"),
    ],
)
def test_a_day_that_is_none_or_has_not_come_is_refused(text: str, sentence: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        day(text, TODAY)
    assert sentence in error.value.sentence
    assert error.value.hint == hint


def test_a_day_is_read_and_is_today_where_none_is_given() -> None:
    assert day(" 2026-11-26 ", TODAY) == date(2026, 11, 26)
    assert day("2026-11-27", TODAY) == day(None, TODAY) == TODAY


def test_a_wrong_day_is_corrected_by_taking_the_note_back(told: Shown) -> None:
    assert "nothing to take back" in refused(told, picture="111111", undo=True)[0]
    told(picture="111111", asked="erasure", on="2026-11-26")
    sentence, hint = refused(told, picture="111111", asked="erasure", on="2026-11-20")
    assert "2026-11-26, which is later" in sentence
    assert "--undo" in hint
    assert told(picture="111111", undo=True) == (
        "Taken back, and now: Facebook, not asked yet.\n"
        "If an earlier letter was noted there, it is on record no more.\n"
    )
    assert "on 20 November 2026" in told(picture="111111", asked="erasure", on="2026-11-20")


def test_what_was_noted_is_said(told: Shown) -> None:
    assert told(picture="111111", asked="Erasure ") == (
        "Noted: Facebook, asked for erasure on 27 November 2026;"
        " an answer is due on 27 December 2026.\n"
    )
    assert told(picture="111111", became=Became.DECLINED) == (
        "Noted: Facebook, declined on 27 November 2026; asked for erasure on 27 November 2026.\n"
    )
    assert "now: Facebook, asked for erasure" in told(picture="111111", undo=True)
    assert "Noted: whoever posted it (Facebook), asked to take it down" in told(
        picture="444444", asked="uploader"
    )
    assert "PimEyes, told of your opting out" in told(engine="PimEyes", asked="opt-out")


def test_a_running_request_is_not_lost_to_the_next_one(told: Shown) -> None:
    told(picture="111111", asked="erasure", on="2026-11-20")
    sentence, hint = refused(told, picture="111111", asked="uploader")
    assert "Facebook is awaited until 2026-12-20" in sentence
    assert "--undo" in hint
    assert "answer due 2026-12-20" in told()


def test_a_name_without_end_does_not_hide_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = replace(BY_OTTO, author_name="Otto " * 5000)
    told = Shown(home_with(tmp_path / "home", (endless,)), capsys)
    assert "an answer is due on 11 December 2026." in told(picture="111111", asked="uploader")
    assert "awaited until 2026-12-11" in refused(told, picture="111111", asked="erasure")[0]


@pytest.mark.parametrize("letter", ["faces", "owner", "ransom", "", HOSTILE])
def test_a_letter_that_does_not_fit_a_place_is_not_noted_and_those_that_do_are_named(
    told: Shown, letter: str
) -> None:
    sentence, hint = refused(told, picture="111111", asked=letter)
    assert "no letter that goes to Facebook" in sentence
    assert hint == ("--asked with one of uploader, erasure, objection, access, delete, opt_out")


def test_letters_note_and_calendar_are_all_done_when_asked_for_together(
    told: Shown, tmp_path: Path
) -> None:
    wished = {"picture": "111111", "asked": "uploader", "letters": tmp_path / "new"}
    page = tmp_path / "report.html"
    page.write_text("<html>")
    sentence, _ = refused(told, **wished, calendar=page)
    assert "report.html is there already" in sentence
    assert not (tmp_path / "new").exists()
    assert "answer due" not in told()
    said = told(**wished, calendar=tmp_path / "due.ics")
    order = [said.index(word) for word in ("uploader.md", "Noted: Otto Example", "due.ics")]
    assert order == sorted(order)
    assert "with 1 day." in said
    assert b"Otto Example" in (tmp_path / "due.ics").read_bytes()
    assert "asked, answer due 2026-12-11" in told()


def test_the_calendar_alone_lists_nothing(told: Shown, tmp_path: Path) -> None:
    said = told(calendar=tmp_path / "due.ics")
    assert said.count("\n") == 1
    assert "with 0 days." in said


def test_after_writing_each_letter_has_its_turn_and_the_command_that_notes_it(
    told: Shown, tmp_path: Path
) -> None:
    said = told(picture="444444", at="Facebook", letters=tmp_path / "a", law="gdpr")
    _, _, turns = said.partition("Read the note first: open 44444444-facebook-note.html")
    assert "put your words in place of what stands in yellow" in turns
    for number, turn in enumerate(
        (
            "uploader comes first.",
            "erasure, if the answer is no or none came by 11 December 2026, which no law sets.",
            "objection, if they refuse to erase it, or instead of it.",
            "access, if you want to know first what they hold.",
        ),
        start=1,
    ):
        assert f"{number}. {turn} When you have sent it:\n" in turns
    assert "     selfcheck remove 44444444 --at facebook --asked uploader\n" in turns
    assert "delete" not in turns
    said = told(engine="lenso", letters=tmp_path / "b", law="CCPA", on="2026-11-20")
    assert "     selfcheck remove --engine lenso --asked faces\n" in said
    assert "opt_out, if you want them to stop selling" in said
    assert "Date: 20 November 2026" in (tmp_path / "b" / "lenso-faces.md").read_text()


def test_a_filled_in_letter_survives_the_same_command(told: Shown, tmp_path: Path) -> None:
    told(picture="111111", letters=tmp_path)
    mine = tmp_path / "11111111-facebook-uploader.md"
    mine.write_text("Dear Otto")
    sentence, hint = refused(told, picture="111111", letters=tmp_path)
    assert "is there already, and you may have filled it in" in sentence
    assert "another folder" in hint
    assert mine.read_text() == "Dear Otto"


def test_a_letter_that_was_not_touched_is_written_anew(told: Shown, tmp_path: Path) -> None:
    told(picture="111111", letters=tmp_path)
    letter = tmp_path / "11111111-facebook-uploader.md"
    assert "[your name]" in letter.read_text()
    told(picture="111111", letters=tmp_path, name="Ada Example", contact="ada@example.org")
    assert "From: Ada Example, ada@example.org" in letter.read_text()


def test_a_picture_in_ones_own_files_gets_advice_and_no_notes(told: Shown, tmp_path: Path) -> None:
    for wished in ({"asked": "erasure"}, {"undo": True}, {"letters": tmp_path}, {"at": "facebook"}):
        assert "own files only" in refused(told, picture="333333", **wished)[0]
    assert "Delete the file" in told(picture="333333")


def test_ones_own_picture_gets_steps_and_nothing_about_letters(told: Shown, tmp_path: Path) -> None:
    said = told(picture="222222")
    for word in ("Will be asked for", "What that costs", "--letters", "How long"):
        assert word not in said
    assert "1. Open the post" in said
    assert "selfcheck remove 22222222 --became gone" in said
    assert "No letter fits" in told(picture="222222", letters=tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert "asked for erasure" in told(picture="222222", asked="erasure")


def test_a_picture_says_first_what_was_noted_and_what_can_be_typed(told: Shown) -> None:
    first, *_ = told(picture="111111").splitlines()
    assert first == "Facebook, not asked yet"
    told(picture="111111", asked="erasure", on="2026-11-20")
    said = told(picture="111111")
    assert said.startswith(
        "Facebook, asked for erasure on 20 November 2026; an answer is due on 20 December 2026\n"
    )
    assert "complaint" not in said
    assert "What came of it: selfcheck remove 11111111 --became answered" in said
    assert "selfcheck remove 11111111 --undo" in said
    told(picture="111111", became=Became.GONE)
    said = told(picture="111111")
    assert said.startswith("Facebook, gone since 27 November 2026\n")
    assert "selfcheck remove 11111111 --became found" in said


@pytest.mark.parametrize("declined", [False, True])
def test_what_is_overdue_or_declined_leads_to_the_authority(told: Shown, *, declined: bool) -> None:
    told(picture="111111", asked="erasure", on="2026-10-01")
    if declined:
        told(picture="111111", became=Became.DECLINED, on="2026-10-05")
    said = told(picture="111111")
    assert ("overdue since 1 November 2026" in said) != declined
    assert ("declined on 5 October 2026; asked for erasure" in said) == declined
    assert "Next, a complaint: Data protection authority (EU and EEA)\n- Wait" in said
    assert "https://ico.org.uk/make-a-complaint" in said
    assert "California" not in said.partition("1. Open")[0]


def test_a_friendly_letter_without_an_answer_leads_to_one_that_names_a_law(told: Shown) -> None:
    told(picture="111111", asked="uploader", on="2026-11-01")
    said = told(picture="111111")
    assert "Otto Example (Facebook), asked to take it down on 1 November 2026" in said
    assert "Next: a letter that names a law: selfcheck remove 11111111 --letters FOLDER" in said
    assert "complaint" not in said


def test_the_list_names_the_engines_and_shows_those_that_were_asked(told: Shown) -> None:
    assert "PimEyes" not in told()
    told(engine="pimeyes", asked="faces")
    listed = told()
    assert [
        line for line in listed.splitlines() if "PimEyes" in line and "asked, answer due" in line
    ]
    assert "Clearview" not in listed
    assert "--engine NAME, one of clearview, facecheck, findclone, lenso, pimeyes" in listed


def test_without_a_picture_an_engine_that_was_asked_is_listed_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Shown(home_with(tmp_path / "home"), capsys)
    assert "No picture of you was found" in told()
    told(engine="pimeyes", asked="faces")
    assert "PimEyes" in told()


def test_a_long_list_says_how_many_more_there_are(told: Shown) -> None:
    tasks = removing.tasks(home=told.home, today=TODAY)
    removal_words.tell_list([tasks[0]] * 25, (), TODAY, everything=False)
    assert "5 more: selfcheck remove --all" in told.capsys.readouterr().err


def test_what_recheck_saw_gone_is_told_with_its_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Shown(home_with(tmp_path / "home", (ON_A_PAGE,), gone=True), capsys)
    assert "club.example: gone, as seen on 2026-11-27" in told(picture="111111")


def test_status_says_how_many_wait_and_when_the_next_answer_is_due(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,))
    late = removing.engine("pimeyes", home=home, today=date(2020, 1, 1)).removal
    late = asked(late, kind=LetterKind.FACES, to=HOSTILE, on=date(2020, 1, 1))
    removing.note(late, home=home)
    shown = typed(home.root, command="status").stdout
    assert "Asked: 1; no answer came in time." in shown
    assert "\x1b" not in shown
    assert "was due on 2020-01-31: selfcheck remove --engine pimeyes" in shown
    soon = removing.engine("clearview", home=home, today=date(2020, 1, 1)).removal
    removing.note(
        replace(late, item=soon.item, to="Clearview AI", due_on=date(2999, 1, 1)), home=home
    )
    shown = typed(home.root, command="status").stdout
    assert "Asked: 2; the next answer is due on 1 January 2999 (Clearview AI)." in shown
