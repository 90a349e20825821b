"""What the letters say: filled from the case, in all kinds, and no more than is so."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from selfcheck.model import Leak, Moment, Precision
from selfcheck.removal import (
    Case,
    DoorKind,
    LetterKind,
    LetterSet,
    Person,
    Situation,
    catalogue,
    named,
    write_letter,
    write_set,
)
from selfcheck.removal.letters import NOT_ADVICE, TITLES

TODAY = date(2026, 11, 27)
GDPR = (LetterKind.ACCESS, LetterKind.ERASURE, LetterKind.OBJECTION)
ABOUT_ONE_PICTURE = (*GDPR, LetterKind.DELETE, LetterKind.OWNER, LetterKind.UPLOADER)


def a_set(case: Case, *kinds: LetterKind, door: str = "facebook") -> LetterSet:
    situation = Situation.FACES if named(door).kind is DoorKind.FACES else Situation.OTHER
    return write_set(kinds, case, named(door), situation, today=TODAY)


def words(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).split()))


def _without_advice(page: str) -> str:
    return re.sub(r"(?s)<aside>.*?</aside>", "", page)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_can_be_filled_in_where_it_is_read(kind: LetterKind, case: Case) -> None:
    page = write_letter(kind, case).html
    assert '<main contenteditable="true" spellcheck="true">' in page
    assert "Click into the letter and write" in page


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_says_the_same_in_both_forms(kind: LetterKind, case: Case) -> None:
    letter = write_letter(kind, case)
    in_markdown = re.sub(r"[\\*<>-]", "", letter.markdown)
    in_html = re.sub(r"[\\*<>-]", "", words(_without_advice(letter.html)))
    assert re.sub(r"\s", "", in_markdown) == re.sub(r"\s", "", in_html)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_names_who_asks_whom_and_when(kind: LetterKind, case: Case) -> None:
    text = write_letter(kind, case).markdown
    for part in ("Kim Sample", "kim@sample.example", "Rowing Club Example", "27 November 2026"):
        assert part in text
    assert f"**{TITLES[kind]}**" in text


@pytest.mark.parametrize("kind", ABOUT_ONE_PICTURE)
def test_a_letter_about_one_picture_says_which(kind: LetterKind, case: Case) -> None:
    text = write_letter(kind, case).markdown
    for part in ("<https://club.example/team>", "on 21 June 2019", "Summer at the lake", "Team"):
        assert part in text


NOBODY = {
    LetterKind.UPLOADER: "name of the person who posted it",
    LetterKind.OWNER: "name of the page or group, or of who runs it",
}


def test_a_friendly_letter_to_nobody_known_greets_nobody_by_a_wrong_name() -> None:
    text = write_letter(LetterKind.UPLOADER, Case(recipient="", platform="X", written=TODAY))
    assert "\nHi [name],\n" in text.markdown
    assert "Hi X" not in text.markdown


def test_a_letter_to_a_company_has_a_place_for_its_address_and_says_where_to_look(
    case: Case,
) -> None:
    for kind in (*GDPR, LetterKind.DELETE, LetterKind.OPT_OUT, LetterKind.FACES):
        text = write_letter(kind, case).markdown
        assert "To: Rowing Club Example, [its mail or postal address for privacy requests" in text
        assert '"Data protection officer"]' in text
    owner = write_letter(LetterKind.OWNER, case).markdown
    assert "To: Rowing Club Example, [its mail address: see" in owner
    assert "To: Rowing Club Example\n" in write_letter(LetterKind.UPLOADER, case).markdown


def test_no_letter_to_a_face_search_engine_speaks_of_one_picture(case: Case) -> None:
    kinds = (*GDPR, LetterKind.DELETE, LetterKind.OPT_OUT, LetterKind.FACES)
    for letter in a_set(case, *kinds, door="pimeyes").letters:
        assert "this picture" not in letter.markdown
        assert "a picture that" not in letter.markdown
    assert "this picture" in write_letter(LetterKind.ACCESS, case).markdown


def test_a_note_begins_the_letters_with_where_to_send_them(case: Case) -> None:
    for door, kind, where in (
        ("facebook", LetterKind.UPLOADER, "the person who posted the picture"),
        ("facebook", LetterKind.OWNER, "whoever runs the page"),
        ("facebook", LetterKind.ERASURE, "a letter that names a law goes to Meta \\(Facebook\\)"),
        ("website", LetterKind.ERASURE, "goes to whoever runs the site"),
        ("pimeyes", LetterKind.FACES, "a letter to the engine goes to PimEyes"),
    ):
        note = a_set(case, kind, door=door).note.markdown
        part = note.partition("## The letters\n\n")[2]
        assert part.startswith("- Where to send it: ")
        assert re.search(where, part.partition("\n")[0])


def test_a_note_names_the_forms_that_take_such_requests_and_no_other(case: Case) -> None:
    form = "It can go here as well: Opt-out form: <https://pimeyes.com/en/opt-out-request-form>"
    assert form in a_set(case, LetterKind.FACES, door="pimeyes").note.markdown
    assert "go here as well" not in a_set(case, LetterKind.ERASURE, door="facebook").note.markdown


def test_the_grounds_of_an_erasure_are_explained_in_the_letter_and_in_the_note(case: Case) -> None:
    letter = write_letter(LetterKind.ERASURE, case).markdown
    assert "[strike out what does not apply; if somebody else showed the picture" in letter
    assert "[your reasons, for instance that" in letter
    assert "- I was not asked" in letter.partition("[your reasons")[2]
    assert "you were not asked" in a_set(case, LetterKind.ERASURE).note.markdown
    assert "you were not asked" not in a_set(case, LetterKind.UPLOADER).note.markdown


def test_what_is_to_be_filled_in_keeps_a_frame_in_print(case: Case) -> None:
    page = write_letter(LetterKind.ERASURE, case).html
    in_print = page.partition("@media print")[2].partition("</style>")[0]
    assert re.search(r"span \{[^}]*border: [^}]*dashed", in_print)


@pytest.mark.parametrize("kind", LetterKind)
def test_what_is_not_known_is_a_place_to_fill_in(kind: LetterKind) -> None:
    text = write_letter(kind, Case(recipient="", platform="", written=TODAY)).markdown
    assert "[your name]" in text
    assert f"To: [{NOBODY.get(kind, 'who is asked')}]" in text
    assert "None" not in text
    if kind in ABOUT_ONE_PICTURE:
        assert "[the address of the picture, or a screenshot of where it stands]" in text


def test_a_letter_names_what_a_file_gives_away_and_never_what_it_is(case: Case) -> None:
    text = write_letter(LetterKind.ERASURE, case).markdown
    assert "GPS position and camera serial number" in text
    nothing = write_letter(LetterKind.ERASURE, replace(case, gives_away=()))
    assert "also holds" not in nothing.markdown


def test_a_time_known_to_the_year_alone_is_told_as_a_year(case: Case) -> None:
    posted = Moment(when=datetime(2019, 1, 1, tzinfo=UTC), precision=Precision.YEAR)
    text = write_letter(LetterKind.OWNER, replace(case, posted=posted)).markdown
    assert "- Posted in 2019\n" in text


def test_an_address_that_was_put_together_is_to_be_tried_first(case: Case) -> None:
    text = write_letter(LetterKind.UPLOADER, replace(case, derived=True)).markdown
    assert "[put together from the export: see whether it opens]" in text


@pytest.mark.parametrize("door", [door.name for door in catalogue() if door.kind is DoorKind.FACES])
def test_a_face_search_engine_is_told_of_no_picture(door: str, case: Case) -> None:
    for letter in a_set(case, *LetterKind, door=door).letters:
        for text in (letter.markdown, letter.html):
            assert "club.example" not in text
            assert "Summer" not in text
            assert "Facebook" not in text
            assert Leak.GPS not in text


@pytest.mark.parametrize("kind", GDPR)
def test_letters_by_the_gdpr_name_the_month_its_basis_and_the_next_step(
    kind: LetterKind, case: Case
) -> None:
    text = write_letter(kind, replace(case, written=date(2026, 1, 31))).markdown
    assert "within one month" in text
    assert "Article 12(3)" in text
    assert "by 28 February 2026" in text
    assert "supervisory authority (Article 77)" in text


def test_letters_by_the_ccpa_name_their_days(case: Case) -> None:
    delete = write_letter(LetterKind.DELETE, case).markdown
    assert "within 45 calendar days: if it reaches you today, by 11 January 2027" in delete
    assert "1798.105" in delete
    opt_out = write_letter(LetterKind.OPT_OUT, case).markdown
    assert "within 15 business days" in opt_out
    assert "by 18 December 2026" in opt_out
    assert "1798.120" in opt_out


def test_no_letter_says_that_a_photo_is_biometric_data_by_itself(case: Case) -> None:
    conditions = ("As far as", "I do not say", "should you hold any", "such as biometric")
    for kind in LetterKind:
        paragraphs = write_letter(kind, case).markdown.split("\n\n")
        for paragraph in (each for each in paragraphs if "biometric" in each.casefold()):
            assert any(condition in paragraph for condition in conditions), (kind, paragraph)


@pytest.mark.parametrize("door", [door.name for door in catalogue()])
def test_a_set_says_once_that_it_is_no_legal_advice_and_not_to_the_recipient(
    door: str, case: Case
) -> None:
    entry = named(door)
    written = write_set(list(LetterKind), case, entry, entry.ways[0].situation, today=TODAY)
    assert (
        written.note.markdown.count(NOT_ADVICE) == words(written.note.html).count(NOT_ADVICE) == 1
    )
    for letter in written.letters:
        assert "advice" not in letter.markdown + words(letter.html)
    assert "selfcheck sends nothing" in written.note.markdown


def test_a_note_has_the_steps_the_forms_what_they_ask_for_and_what_it_costs(case: Case) -> None:
    note = a_set(case, LetterKind.FACES, door="pimeyes").note.markdown
    for part in (
        "<https://pimeyes.com/en/opt-out-request-form>",
        "What they will ask for",
        "A photo of your face.",
        "What giving it costs",
        "Another photo of your face, sent to a company whose business is to know faces.",
        "Checked on 27 November 2026",
    ):
        assert part in note


def test_a_note_says_which_address_is_not_confirmed_and_where_to_look_instead(case: Case) -> None:
    note = a_set(case, LetterKind.UPLOADER, door="instagram").note.markdown
    assert "(not confirmed; look for it under: Help Centre, Privacy, Safety and Reporting" in note
    assert "not confirmed" not in a_set(case, door="pimeyes").note.markdown


def test_a_note_of_an_old_entry_says_so(case: Case) -> None:
    later = write_set((), case, named("x"), Situation.OTHER, today=date(2027, 8, 1))
    assert "about 8 months ago, so expect forms and menus to have moved" in later.note.markdown
    assert "months ago" not in a_set(case, door="x").note.markdown


def test_a_note_names_the_day_of_each_letter_and_whether_a_law_sets_it(case: Case) -> None:
    note = a_set(case, LetterKind.ERASURE, LetterKind.UPLOADER).note.markdown
    assert "due by 27 December 2026" in note
    assert "(Article 12(3) of the GDPR)" in note
    assert (
        "due by 11 December 2026 if you send it on 27 November 2026. No law sets that day" in note
    )


def test_a_note_sends_on_to_the_authorities_of_the_law_in_use_and_no_other(case: Case) -> None:
    gdpr = a_set(case, LetterKind.ERASURE).note.markdown
    assert "EU and EEA" in gdpr
    assert "California" not in gdpr
    ccpa = a_set(case, LetterKind.DELETE).note.markdown
    assert "Attorney General (California)" in ccpa
    assert "GDPR" not in ccpa
    assert "If no answer comes" not in a_set(case, LetterKind.UPLOADER).note.markdown


def test_every_note_names_the_doors_for_intimate_pictures_by_age(case: Case) -> None:
    note = a_set(case, LetterKind.UPLOADER).note.markdown
    assert "<https://stopncii.org>" in note
    assert "18 or older" in note
    assert "<https://takeitdown.ncmec.org>" in note
    assert "when you were under 18" in note


def test_a_page_allows_its_own_style_and_nothing_else(case: Case) -> None:
    written = a_set(case, *LetterKind)
    for document in (*written.letters, written.note):
        style = document.html.partition("<style>")[2].partition("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert (
            f"content=\"default-src 'none'; style-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'\"" in document.html
        )
        assert "@page" in style
        assert "url(" not in style
        assert "@import" not in style


def test_equal_cases_give_equal_letters(case: Case) -> None:
    again = replace(case, person=Person(name="Kim Sample", contact="kim@sample.example"))
    assert a_set(case, *LetterKind) == a_set(again, *LetterKind)
