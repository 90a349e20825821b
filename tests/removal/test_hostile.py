"""Captions and names that try to be more than text, in every letter, the note and Markdown."""

from __future__ import annotations

import unicodedata
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from selfcheck.privacy.text import address, safe
from selfcheck.removal import (
    Case,
    Document,
    LetterKind,
    Person,
    Situation,
    named,
    write_letter,
    write_set,
)
from selfcheck.removal.markdown import escaped, linked

TODAY = date(2026, 11, 27)
MARKS = {"text", "paragraph", "list_item", "bullet_list", "inline", "softbreak", "strong", "link"}
FRAME = {"html", "head", "meta", "title", "style", "body", "main"}
ELEMENTS = FRAME | {"p", "ul", "li", "b", "bdi", "span", "h1", "h2", "a"}


def parsed(text: str) -> list[Token]:
    """Read Markdown with tables and strikes, which many programs know besides CommonMark."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [token for block in blocks for token in (block, *(block.children or ()))]


def read(text: str) -> str:
    """Give the words of a Markdown text as a reader sees them."""
    return "".join(token.content for token in parsed(text) if token.type == "text")


class Page(HTMLParser):
    """Collect the elements, their attributes and the text of a page; check that it balances."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.isolated: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.open and self.open[-1] == "bdi":
            self.isolated.append(data)


def all_letters(case: Case) -> list[Document]:
    return [write_letter(kind, case) for kind in LetterKind]


def test_every_letter_in_markdown_is_paragraphs_and_lists_whatever_it_is_filled_with(
    hostile_case: Case, hostile: str
) -> None:
    for letter in all_letters(hostile_case):
        tokens = parsed(letter.markdown)
        kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
        assert kinds <= MARKS, (letter.name, kinds)
        links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
        assert set(links) <= {"https://club.example/team?who=*a_b*", address(hostile)}


def test_hostile_text_reads_in_markdown_as_it_stands(hostile: str) -> None:
    shown = " ".join(safe(hostile).split())
    assert " ".join(read(f"It says “{escaped(hostile)}”.").split()) == f"It says “{shown}”."
    alone = parsed(escaped(hostile))
    assert {token.type for token in alone} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
    }


@given(st.text(max_size=80))
def test_any_text_reads_in_markdown_as_it_stands(text: str) -> None:
    said = escaped(text)
    assert "\n" not in said
    assert read(f"x{said}x") == f"x{safe(text).strip()}x"
    assert {token.type for token in parsed(f"- {said}\n") if token.nesting == 0} <= {
        "inline",
        "text",
    }


@pytest.mark.parametrize(
    "text",
    [
        "ada_b@example.org",
        "At 10:30, R&D: $5!",
        "the #summer of ^2019^ (part 2)",
        "Kim O'Neil-Smith, 5 Lake St.",
    ],
)
def test_what_means_nothing_in_markdown_is_left_as_it_is_for_a_mail(text: str) -> None:
    assert escaped(text) == text
    assert read(escaped(text)) == text


@pytest.mark.parametrize("text", ["_a_", "__b__", "_", "a _b_ c", "_a_b_"])
def test_marks_at_the_edge_of_a_word_are_no_emphasis(text: str) -> None:
    assert read(f"x {escaped(text)} y") == f"x {text} y"


@pytest.mark.parametrize("person", ["](https://evil.example)", "][a]", "(https://evil.example)"])
def test_a_name_makes_no_link_of_the_brackets_before_it(person: str) -> None:
    case = Case(recipient=person, platform="X", written=TODAY, person=Person(contact=person))
    for letter in all_letters(case):
        assert "link_open" not in {token.type for token in parsed(letter.markdown)}


def test_bare_addresses_do_not_become_links_in_programs_that_look_for_them() -> None:
    said = escaped("https://evil.example www.evil.example WWW.evil.example")
    assert "://" not in said.replace("\\:", "")
    assert "www." not in said.casefold()


def test_only_plain_web_addresses_become_links() -> None:
    assert linked("https://a.example/ä?b=<c>") == "<https://a.example/%C3%A4?b=%3Cc%3E>"
    for other in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "x <b>"):
        assert "link_open" not in {token.type for token in parsed(linked(other))}


def test_every_letter_as_a_page_holds_its_own_elements_and_nothing_active(
    hostile_case: Case,
) -> None:
    for letter in all_letters(hostile_case):
        page = Page(letter.html)
        assert {tag for tag, _ in page.elements} <= ELEMENTS - {"a"} | {"aside"}
        attributes = {name for _, attributes in page.elements for name in attributes}
        writable = {"contenteditable", "spellcheck"}
        assert attributes <= {"lang", "charset", "http-equiv", "content", "name"} | writable


def test_foreign_text_stands_by_itself_in_a_page(hostile_case: Case, hostile: str) -> None:
    page = Page(write_letter(LetterKind.ERASURE, hostile_case).html)
    shown = [" ".join(text.split()) for text in page.isolated]
    # Who is asked, who asks and how to answer, the name below, place, album and caption.
    assert shown == [" ".join(safe(hostile).split())] * 7


def test_no_control_or_reordering_character_reaches_a_letter(hostile_case: Case) -> None:
    for letter in all_letters(hostile_case):
        for text in (letter.markdown, letter.html):
            assert not {unicodedata.category(c) for c in text} & {"Cs", "Zl", "Zp"}
            assert {c for c in text if unicodedata.category(c) == "Cc"} <= {"\n"}
            assert not set(text) & set("\u202e\u2066\u2069\u200f\U000e0041")
            text.encode()


def test_ten_thousand_characters_are_cut_and_say_so(case: Case) -> None:
    long = Case(recipient="A" * 10_000, platform="X", written=TODAY, caption="B" * 10_000)
    letter = write_letter(LetterKind.OWNER, long)
    assert "B" * 299 + "…" in letter.markdown
    assert "B" * 299 + "…" in letter.html
    assert len(letter.markdown) < len(write_letter(LetterKind.OWNER, case).markdown) + 1500


def test_the_note_holds_nothing_of_the_case_but_dates(hostile_case: Case) -> None:
    kinds = list(LetterKind)
    written = write_set(kinds, hostile_case, named("facebook"), Situation.OTHER, today=TODAY)
    harmless = Case(recipient="", platform="", written=hostile_case.written)
    assert (
        written.note
        == write_set(kinds, harmless, named("facebook"), Situation.OTHER, today=TODAY).note
    )
    assert {tag for tag, _ in Page(written.note.html).elements} <= ELEMENTS


@pytest.mark.parametrize("kind", LetterKind)
def test_templates_in_values_are_not_run(kind: LetterKind) -> None:
    case = Case(recipient="{{ 7 * 7 }}", platform="{{ case }}", written=TODAY, caption="{{7*7}}")
    letter = write_letter(kind, case)
    assert "49" not in letter.markdown.replace("1949", "")
    assert "49" not in letter.html.partition("<body>")[2]
