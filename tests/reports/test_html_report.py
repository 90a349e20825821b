"""The page as a parser sees it: no script, nothing from outside, hostile text as text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import unquote

import pytest

from selfcheck.model import Audience, Author, Band, Context, Exposure, PictureKind, Report
from selfcheck.privacy.text import safe
from selfcheck.reports import gallery, html_report, words
from selfcheck.reports.html_report import is_further_page, render_html, render_pages

VOID = {"meta", "img", "input", "rect"}
EVERY = ["hostile", "only_pending", "nothing_found", "full", "visited"]


class Page(HTMLParser):
    """Collect the elements of a page, its text, its styles and what is not balanced."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []  # nearest element, text
        self.styles: list[str] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            self.styles.append(data)
        elif data.strip():
            tag, attributes = self.open[-1]
            isolated = tag == "bdi" or attributes.get("dir") == "auto"
            self.words.append(("isolated" if isolated else tag, data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self) -> str:
        return " ".join(" ".join(data for _, data in self.words).split())


def page(report: Report) -> Page:
    return Page(render_html(report))


@pytest.fixture(params=EVERY)
def any_report(request: pytest.FixtureRequest) -> Report:
    report = request.getfixturevalue(request.param)
    assert isinstance(report, Report)
    return report


# --- nothing active, nothing from outside ------------------------------------------------


def test_no_element_runs_or_loads_anything(any_report: Report) -> None:
    shown = page(any_report)
    assert not shown.open
    allowed = (
        "html head meta title style body header main section footer h1 h2 h3 h4 p ul ol li div "
        "span b bdi strong small svg g rect details summary fieldset legend label input article "
        "img blockquote a table thead tbody tr th td"
    )
    assert {name for name, _ in shown.elements} <= {*allowed.split()}


def test_no_attribute_is_a_handler_a_style_or_a_resource(any_report: Report) -> None:
    for name, attributes in page(any_report).elements:
        assert not {each for each in attributes if each.startswith("on") or each == "style"}
        assert not {*attributes} & {
            "srcset",
            "ping",
            "background",
            "poster",
            "action",
            "xlink:href",
        }
        if "href" in attributes:
            assert name == "a"
        if "src" in attributes:
            assert name == "img"
            assert (attributes["src"] or "").startswith("data:image/jpeg;base64,")


def test_links_lead_to_plain_web_addresses_and_tell_them_nothing(hostile: Report) -> None:
    links = page(hostile).all("a")
    assert links
    for link in links:
        assert re.fullmatch(
            r"https://(evil\.example|xn--mnchen-3ya\.example)/\S*", link["href"] or ""
        )
        assert link["rel"] == "noopener noreferrer nofollow"


def test_a_long_address_is_not_cut(full: Report) -> None:
    url = "https://photos.example/" + "a" * 1_000
    changed = _with_context(full.exposures[0], permalink=url)
    assert page(replace(full, exposures=(changed,))).all("a")[-1]["href"] == url


def test_the_policy_comes_first_and_allows_this_style_only(any_report: Report) -> None:
    shown = page(any_report)
    metas = shown.all("meta")
    assert metas[0] == {"charset": "utf-8"}
    assert metas[1]["http-equiv"] == "Content-Security-Policy"
    assert len(shown.styles) == 1
    digest = base64.b64encode(hashlib.sha256(shown.styles[0].encode()).digest()).decode()
    assert metas[1]["content"] == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert {"name": "referrer", "content": "no-referrer"} in metas


def test_the_style_loads_nothing_and_holds_no_text_from_outside(hostile: Report) -> None:
    style = page(hostile).styles[0]
    assert not re.search(r"@import|url\s*\(|https?:|expression|<", style)
    assert "evil" not in style


# --- hostile text ------------------------------------------------------------------------


def test_hostile_text_is_shown_as_text_and_kept_to_itself(hostile: Report) -> None:
    isolated = {data for kind, data in page(hostile).words if kind == "isolated"}
    for each in hostile.exposures:
        caption = each.occurrences[0].contexts[0].caption or ""
        assert safe(caption) in isolated


def test_no_text_from_outside_stands_without_isolation(hostile: Report) -> None:
    marks = ("alert(1)", "{{7*7}}", "calc'!A0", "مرحبا", "SUM(A1)", "AAAA")
    loose = [data for kind, data in page(hostile).words if kind != "isolated"]
    assert [data for data in loose if any(mark in data for mark in marks)] == []


def test_long_text_is_cut(hostile: Report) -> None:
    assert max(len(data) for _, data in page(hostile).words) <= 300


# --- pictures ----------------------------------------------------------------------------


def test_each_match_of_band_you_has_its_crop_and_no_maybe_has_one(full: Report) -> None:
    # Those without a text are the same once more, beside what to deal with first.
    sources = [picture["src"] or "" for picture in page(full).all("img") if picture["alt"]]
    shown = {base64.b64decode(source.partition(",")[2]) for source in sources}
    you = {each.match.crop for each in full.exposures if each.match.band is Band.YOU}
    assert len(sources) == len(you) == 6
    assert shown == you


def test_a_maybe_that_carries_a_crop_is_shown_without_it(full: Report) -> None:
    changed = tuple(
        replace(each, match=replace(each.match, band=Band.MAYBE)) for each in full.exposures
    )
    shown = page(replace(full, exposures=changed))
    assert shown.all("img") == []
    assert "8 pictures may show you." in shown.text()


@pytest.mark.parametrize("crop", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n"])
def test_what_is_no_jpeg_is_no_picture(full: Report, crop: bytes) -> None:
    first = full.exposures[0]
    changed = replace(first, match=replace(first.match, crop=crop))
    assert page(replace(full, exposures=(changed,))).all("img") == []


def test_a_full_page_leaves_pictures_out_and_says_so(
    full: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [len(each.match.crop) for each in full.exposures]
    monkeypatch.setattr(gallery, "PICTURE_BYTES", sum(sizes) - 1)
    shown = page(full)
    assert len([picture for picture in shown.all("img") if picture["alt"]]) == 5
    assert "The page is full; this picture is left out." in shown.text()


# --- several pages -----------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PAGE", 3)


def many(report: Report, times: int = 2) -> Report:
    exposures = tuple(
        replace(each, sha256=f"{n:02}{each.sha256[2:]}")
        for n, each in enumerate(report.exposures * times)
    )
    return replace(report, exposures=exposures, urgent=(exposures[-3].sha256,))


def test_a_report_that_fits_is_one_page(full: Report) -> None:
    assert list(render_pages(full, "r.html")) == [("r.html", render_html(full))]


@pytest.mark.usefixtures("small_pages")
def test_a_large_report_is_several_pages_with_every_exposure_once(full: Report) -> None:
    report = many(full)
    pages = {name: Page(data) for name, data in render_pages(report, "my report.html")}
    assert [*pages] == [*(f"my report.page-{n}.html" for n in range(2, 7)), "my report.html"]
    cards = [each["id"] for shown in pages.values() for each in shown.all("article")]
    assert sorted(str(card)[1:] for card in cards) == [each.sha256 for each in report.exposures]
    whole = Page(render_html(report))
    order = [*pages.values()][-1:] + [*pages.values()][:-1]
    shown = [each["id"] for each in whole.all("article")]
    assert shown == [each["id"] for one in order for each in one.all("article")]


@pytest.mark.usefixtures("small_pages")
def test_the_links_of_several_pages_lead_to_one_another(full: Report) -> None:
    report = many(full)
    pages = {name: Page(data) for name, data in render_pages(report, "100%.html")}
    ids = {name: {each.get("id") for _, each in shown.elements} for name, shown in pages.items()}
    crossed = 0
    for name, shown in pages.items():
        for link in shown.all("a"):
            target = link["href"] or ""
            if not target.startswith("https:"):
                file, _, anchor = target.partition("#")
                there = unquote(file) or name
                assert not anchor or anchor in ids[there]
                crossed += there != name
    assert crossed > 6 * 5
    first = [*pages.values()][-1]
    (urgent,) = (each["href"] for each in first.all("a") if "#x" in (each["href"] or ""))
    assert (urgent or "").startswith("100%25.page-")


@pytest.mark.usefixtures("small_pages")
def test_each_of_several_pages_allows_its_own_style_only(full: Report) -> None:
    for _, data in render_pages(many(full), "r.html"):
        shown = Page(data)
        digest = base64.b64encode(hashlib.sha256(shown.styles[0].encode()).digest()).decode()
        assert digest in (shown.all("meta")[1]["content"] or "")
        levels = [int(name[1]) for name, _ in shown.elements if re.fullmatch("h[1-4]", name)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_only_a_name_that_a_further_page_has_is_one() -> None:
    report = PurePath("/here/r.html")
    assert is_further_page(PurePath("/here/r.page-12.html"), report)
    for name in ("r.html", "r.page-.html", "r.page-x.html", "r.page-2.htm", "s.page-2.html"):
        assert not is_further_page(PurePath("/here", name), report)
    assert not is_further_page(PurePath("/there/r.page-2.html"), report)


# --- filters and groups ------------------------------------------------------------------


def test_filters_are_radio_buttons_that_the_style_knows(full: Report) -> None:
    shown = page(full)
    inputs = shown.all("input")
    assert {each["type"] for each in inputs} == {"radio"}
    assert [each["id"] for each in inputs if "checked" in each] == ["show-all", "show-both"]
    style = shown.styles[0]
    for each in inputs:
        if each["id"] not in {"show-all", "show-both"}:
            assert f"#exposures:has(#{each['id']}:checked) .x:not(" in style


def test_each_card_carries_its_band_and_all_its_platforms(full: Report) -> None:
    cards = [each["class"] or "" for each in page(full).all("article")]
    assert len(cards) == len(full.exposures)
    assert cards[0] == "card x you p1 p2"
    assert cards[-1] == "card x maybe p4"


def test_an_empty_choice_says_so(full: Report) -> None:
    style = page(full).styles[0]
    both = "#exposures:has(#show-p4:checked):has(#show-you:checked) .none{display:block}"
    assert both in style
    only_you = replace(full, exposures=full.exposures[:6])
    rule = "#exposures:has(#show-all:checked):has(#show-maybe:checked) .none{display:block}"
    assert rule in page(only_you).styles[0]


def test_few_matches_share_a_heading_and_many_are_grouped_by_audience(full: Report) -> None:
    assert "Pictures of you, the widest audience first" in page(full).text()
    many = replace(full, exposures=full.exposures * 3)
    text = page(many).text()
    headings = (
        "Anybody could see these",
        "Followers or friends could see these",
        "Who could see these is not recorded",
        "A few people could see these",
        "May be you, may be a stranger",
    )
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)


# --- what it says ------------------------------------------------------------------------


def test_nothing_found_stands_beside_what_was_not_checked(nothing_found: Report) -> None:
    text = page(nothing_found).text()
    assert (
        "Nothing found so far in what was checked. 2,646 pictures and films were checked, "
        "28 files not checked (25 still to do and 3 unreadable)"
    ) in text
    assert not page(nothing_found).all("article")


def test_a_scan_that_looked_at_nothing_does_not_say_that_nothing_was_found(
    only_pending: Report,
) -> None:
    text = page(only_pending).text()
    assert "Nothing has been checked yet." in text
    assert "120 files not checked" in text
    assert "ound so far" not in text


def test_skipped_ignored_missing_and_unlisted_are_listed_by_source(full: Report) -> None:
    text = page(full).text()
    assert "posts/media/a/1.jpg the file ends too early: at byte 8,192" in text
    assert "298 text, data or another file that holds no picture" in text
    assert "posts/media/c/9.jpg in posts/your_posts_1.json" in text
    assert "4 pictures were checked that the export does not list." in text
    assert "facebook-sam-2026-11-01-part3.zip a part that the names of the others tell of" in text
    assert "1,200 pictures stand only in the web; no archive scan fetches them." in text


def test_what_was_told_the_network_is_a_table_by_host(visited: Report) -> None:
    text = page(visited).text()
    assert (
        "What this scan told the network 7 requests to 3 hosts: 1.3 kB sent, 2.4 MB received."
        in text
    )
    assert (
        "club.example 4 848 bytes 57.9 kB 1 answered, 1 not there, 1 shown only to people who are "
        "logged in, 1 sent on to another address img.club.example 2" in text
    )
    assert len(page(visited).all("table")) == 1


def test_a_scan_of_archives_says_that_nothing_was_asked(full: Report) -> None:
    assert "Nothing: the last scan asked no web address." in page(full).text()
    assert page(full).all("table") == []


def test_many_hosts_are_folded(visited: Report) -> None:
    asked = tuple(replace(visited.run.asked[0], host=f"{n}.example") for n in range(30))
    shown = page(replace(visited, run=replace(visited.run, asked=asked)))
    assert len(shown.all("table")) == 2
    assert len(shown.all("td")) == 30 * 4
    assert "and 10 more hosts" in shown.text()


def test_when_a_picture_was_seen_at_its_address_is_told(visited: Report) -> None:
    assert (
        "seen there on 22 Nov 2026; the file is of 3 May 2019, by its host's own account"
        in page(visited).text()
    )


def test_the_parts_of_the_sum_fill_the_bar(full: Report) -> None:
    widths = [
        float(each["width"] or 0)
        for each in page(full).all("rect")
        if (each["class"] or "").removeprefix("fill-") in words.FATES
    ]
    assert sum(widths) == pytest.approx(100, abs=0.01)


def test_headings_descend_one_level_at_a_time(any_report: Report) -> None:
    levels = [int(name[1]) for name, _ in page(any_report).elements if re.fullmatch("h[1-4]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


# --- colours -----------------------------------------------------------------------------


def test_text_stands_out_from_its_ground_in_light_and_dark(full: Report) -> None:
    style = page(full).styles[0].partition("@media print")[0]
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for block in style.split("prefers-color-scheme: dark", 1)
    )
    pairs = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card")]
    pairs += [("soft", "sunk"), ("paper", "ink"), ("ink", "sunk")]
    pairs += [
        (tone, ground) for tone in ("you", "maybe", "alert") for ground in (f"{tone}-soft", "card")
    ]
    for colours in (light, dark):
        for text, ground in pairs:
            # WCAG 2.2, 1.4.3: at least 4.5 for text of this size.
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    lights = sorted(luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _with_context(exposure: Exposure, **changes: object) -> Exposure:
    plain = Context(
        platform="Facebook",
        kind=PictureKind.POST,
        audience=Audience.PUBLIC,
        author=Author.OWNER,
    )
    context = replace(plain, **changes)  # type: ignore[arg-type] # fields by name
    return replace(exposure, occurrences=(replace(exposure.occurrences[0], contexts=(context,)),))
