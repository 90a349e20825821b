"""Texts, tables and HTML of exports: streamed, tolerant, and held within bounds."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, htmlfiles, textfiles
from selfcheck.exports.htmlfiles import Element
from selfcheck.model import Reason, Unreadable

Build = Callable[..., Documents]


def of(build: Build, name: str, data: bytes | Exception) -> Documents:
    return build({name: data})


def lines(docs: Documents) -> list[str]:
    return list(docs.lines(docs.members[0]))


def rows(docs: Documents) -> list[dict[str, str]]:
    return [dict(row) for row in docs.rows(docs.members[0])]


def divs(docs: Documents) -> list[Element]:
    return list(docs.blocks(docs.members[0], lambda tag, _: tag == "div"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_are_decoded_by_the_mark_at_their_start(build: Build, encoding: str) -> None:
    assert lines(of(build, "a.txt", "Łódź\r\n\nlast".encode(encoding))) == ["Łódź", "", "last"]


def test_a_line_ends_only_where_files_end_lines(build: Build) -> None:
    assert lines(of(build, "a.txt", "a\u2028b\x0cc\x85d\n".encode())) == ["a\u2028b\x0cc\x85d"]


def test_a_letter_across_two_blocks_is_one(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfiles, "_BLOCK", 3)
    assert lines(of(build, "a.txt", "aé€𝄞\nb".encode())) == ["aé€𝄞", "b"]


def test_a_line_without_end_is_given_up(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfiles, "_LONGEST", 10)
    docs = of(build, "a.txt", b"a\n" + b"b" * 20)
    assert lines(docs) == ["a"]
    assert docs.troubles[0].reason is Reason.HOSTILE


def test_rows_go_by_the_names_of_the_first_line(build: Build) -> None:
    data = b'\xef\xbb\xbfDate, Text\r\n1,"two\nlines, ""quoted"""\n\n2\n3,a,b\0\n'
    assert rows(of(build, "a.csv", data)) == [
        {"Date": "1", "Text": 'two\nlines, "quoted"'},
        {"Date": "2"},
        {"Date": "3", "Text": "a"},
    ]


def test_a_cell_without_end_is_given_up(build: Build) -> None:
    docs = of(build, "a.csv", b'a\n1\n"' + b"x\n" * 600_000)
    assert rows(docs) == [{"a": "1"}]
    assert docs.troubles[0].reason is Reason.DAMAGED


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.html"])
def test_what_cannot_be_opened_is_told_and_empty(build: Build, name: str) -> None:
    docs = of(build, name, Unreadable(Reason.ENCRYPTED))
    assert [*lines(docs), *rows(docs), *divs(docs)] == []
    assert docs.troubles[0].reason is Reason.ENCRYPTED


def test_blocks_are_the_outermost_wanted_elements(build: Build) -> None:
    data = b'<p>x</p><DIV Class="a b">1<br>2<img src=x.jpg><div>&eacute;</div></DIV><div>3'
    first, second = divs(of(build, "a.html", data))
    assert first.classes == {"a", "b"}
    assert first.text == "1\n2é"
    assert [one.tag for one in first.find()] == ["br", "img", "div"]
    assert first.first("img") is not None
    assert first.first(class_="a") is None
    assert second.text == "3"


def test_a_tag_closed_out_of_order_closes_what_is_in_it(build: Build) -> None:
    first, second = divs(of(build, "a.html", b"<div><b><i>1</b>2</i></p></div><div>3</div>"))
    assert (first.text, second.text) == ("12", "3")


def test_blocks_do_not_depend_on_where_a_read_ends(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = '<div title="a&amp;b">é<br/>x</div><!-- <div> --><div>y</div>'.encode()
    whole = divs(of(build, "a.html", data))
    for size in range(1, 20):
        monkeypatch.setattr(htmlfiles, "_BLOCK", size)
        found = divs(of(build, "a.html", data))
        assert [(e.text, e.attributes) for e in found] == [(e.text, e.attributes) for e in whole]


def test_an_older_charset_is_decoded(build: Build) -> None:
    data = '<meta charset="windows-1251"><div>Привет</div>'.encode("cp1251")
    assert divs(of(build, "a.html", data))[0].text == "Привет"


@pytest.mark.parametrize(
    "data", [b"<div>" * 500, b"<div>" + b"<b>x</b>" * 200_001, b"<div " + b"a" * 5_000_000]
)
def test_a_document_made_to_fill_the_memory_is_given_up(build: Build, data: bytes) -> None:
    docs = of(build, "a.html", data)
    divs(docs)
    assert docs.troubles[0].reason is Reason.HOSTILE


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a &amp; b<br />c</p><p>d</p>", "a & b\nc\nd"),
        (
            'hi <a href="https://x.example"><span>x</span>.example</a></i> there',
            "hi x.example there",
        ),
        ("<p>broken &amp <b", "broken &"),
        ("<p> </p>", None),
        ("", None),
        ("<p>x</p>" * 500, "\n".join("x" * 500)),
    ],
)
def test_a_fragment_is_given_as_its_text(markup: str, text: str | None) -> None:
    assert htmlfiles.plain(markup) == text


def test_a_fragment_made_to_fill_the_memory_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(htmlfiles, "_DEEPEST", 3)
    assert htmlfiles.plain("<p>a<b>b<i>c<u>d<s>e") == "ab"


def test_flow_gives_tags_and_the_texts_between_them(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = of(build, "a.html", '<h1 ID=x>Pins</h1><a href="b">é&amp;c</a><br>d, e<br/>f'.encode())
    for size in (1, 2, 7, 1000):
        monkeypatch.setattr(htmlfiles, "_BLOCK", size)
        found = [
            e if isinstance(e, str) else (e.tag, e.attributes) for e in docs.flow(docs.members[0])
        ]
        assert found == [
            *(("h1", {"id": "x"}), "Pins", ("a", {"href": "b"}), "é&c"),
            *(("br", {}), "d, e", ("br", {}), "f"),
        ]


@pytest.mark.parametrize("data", [b"x" * 5_000_000, b"<div " + b"a" * 5_000_000])
def test_flow_without_end_is_given_up(build: Build, data: bytes) -> None:
    docs = of(build, "a.html", data)
    assert len(list(docs.flow(docs.members[0]))) <= 1
    assert docs.troubles[0].reason is Reason.HOSTILE


@pytest.mark.parametrize(
    "odd", ["<![foo[ x ]]>", "<![", "<![ x", "<![1[ >", "<!--><![abc", "<!ELEMENT"]
)
def test_markup_that_pythons_parser_asserts_against_is_passed_over(build: Build, odd: str) -> None:
    docs = of(build, "a.html", f"<div>1</div>{odd}>\n<div>2</div>".encode())
    assert [one.text for one in divs(docs)] == ["1", "2"]
    assert docs.troubles == ()
    assert list(docs.flow(docs.members[0]))[-1] == "2"
    assert htmlfiles.plain(f"a{odd}") in {"a", f"a{odd}"}


@pytest.mark.parametrize("end", ["<a ", "</a ", "<!--", "<![", "<a b='"])
def test_a_page_that_ends_inside_a_tag_costs_one_look_at_it(build: Build, end: str) -> None:
    # So much that a look from each `<` to the end would never come back.
    many = end * (1_000_000 // len(end))
    docs = build({"a.html": f"<div>1</div>2{many}".encode()})
    assert [one.text for one in divs(docs)] == ["1"]
    assert next(iter(docs.flow(docs.members[0]))) == Element("div", {})
    assert htmlfiles.plain(f"1 &amp{many}") == "1 &"


def test_a_long_cell_is_read_and_no_other_table_is_bounded_by_ours(build: Build) -> None:
    long = "x" * 200_000
    docs = of(build, "a.csv", f"a,b\n{long},1\n2,3\n".encode())
    before = csv.field_size_limit()
    found = docs.rows(docs.members[0])
    assert next(found) == {"a": long, "b": "1"}
    assert csv.field_size_limit() == before
    assert list(found) == [{"a": "2", "b": "3"}]
    assert docs.troubles == ()


def test_a_large_inlined_picture_does_not_end_a_page(build: Build) -> None:
    data = f'<div>1</div><div><img src="data:image/png;base64,{"Qk0/" * 2_000_000}" alt="a">2</div>'
    docs = of(build, "a.html", f"{data}<img src='data:;base64,QUJD'><div>3</div>".encode())
    assert [one.text for one in divs(docs)] == ["1", "2", "3"]
    assert [
        one.attributes for one in docs.blocks(docs.members[0], lambda tag, _: tag == "img")
    ] == [
        {"src": "data:image/png;base64,", "alt": "a"},
        {"src": "data:;base64,QUJD"},
    ]
    assert docs.troubles == ()


def test_an_element_of_text_without_end_is_given_up(build: Build) -> None:
    text = b"x" * 1_000_000 + b"<br>"
    docs = of(build, "a.html", b"<div>" + text * 3 + b"</div><div>" + text * 3 + b"</div>")
    assert len(divs(docs)) == 2
    assert docs.troubles == ()
    docs = of(build, "a.html", b"<div>" + text * 6)
    assert len("".join(one.text for one in divs(docs))) < 5_000_000
    assert docs.troubles[0].reason is Reason.HOSTILE
