from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from selfcheck.privacy import text

HOSTILE = [
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "\x9b31mred",
    "photo\u202egpj.exe",
    "[link=http://evil.example]x[/link]",
    "[bold",
    "ends with a backslash \\",
    "broken \udce4 name",
    "two\nlines\rand\u2028more",
    "tag\U000e0041smuggling",
    "NUL\x00inside",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_steers_a_terminal_survives(hostile: str) -> None:
    cleaned = text.safe(hostile)
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert "\u202e" not in cleaned
    cleaned.encode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_rich_shows_hostile_text_as_it_stands(hostile: str) -> None:
    shown = Text.from_markup(f"[bold]{text.for_terminal(hostile)}[/bold]")
    assert shown.plain == text.safe(hostile)
    assert [span.style for span in shown.spans] == ["bold"]


def test_reordered_name_shows_its_true_ending() -> None:
    assert text.safe("photo\u202egpj.exe") == "photogpj.exe"


def test_long_text_is_cut_and_says_so() -> None:
    assert text.safe("x" * 301) == "x" * 299 + "…"
    assert text.safe("x" * 300) == "x" * 300
    assert text.safe("\u202e" * 5000).endswith("…")
    assert len(text.safe("x" * 10_000_000, limit=10)) == 10


def test_ordinary_writing_stays_as_it_is() -> None:
    for plain in ("Anna & Zoë", "café", "दिल्ली", "👩\u200d👧 at home", "שלום"):
        assert text.safe(plain) == plain


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝"])
def test_formula_becomes_text_in_a_spreadsheet(start: str) -> None:
    assert text.for_csv(f"{start}HYPERLINK(1)").startswith("'")


def test_ordinary_cell_is_left_alone() -> None:
    assert text.for_csv("a=b") == "a=b"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "file:///etc/passwd",
        "//example.org/",
        "https:///nothing",
        "https://bank.example@evil.example/",
        "https://bank.example\\@evil.example/",
        "https://[broken/",
        "https://example.org:99999/",
        "https://two words.example/",
        "https://example.org/\udce4",
        "https://" + "ä" * 80 + ".example/",
        "https://example.org/" + "a" * 9000,
        "",
    ],
)
def test_address_that_is_no_plain_web_address_is_refused(url: str) -> None:
    assert text.address(url) is None


def test_address_survives_quoted_and_in_ascii() -> None:
    kept = "https://www.example.org/photo.php?fbid=1&set=a.2#top"
    assert text.address(kept) == kept
    assert text.address("http://[::1]:80/a") == "http://[::1]:80/a"
    assert text.address("https://x.example//a") == "https://x.example//a"
    assert text.address('https://bücher.example/ä"><b>') == (
        "https://xn--bcher-kva.example/%C3%A4%22%3E%3Cb%3E"
    )


@given(st.text())
def test_address_never_breaks_out_of_a_quoted_attribute(tail: str) -> None:
    found = text.address("https://example.org/" + tail)
    assert found is None or not set(found) & set('"<> \n\\`')


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_safe_never_exceeds_its_limit_and_changes_nothing_twice(
    given_text: str, limit: int
) -> None:
    cleaned = text.safe(given_text, limit)
    assert len(cleaned) <= limit
    assert text.safe(cleaned, limit) == cleaned
