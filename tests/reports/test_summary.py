"""Counts and sentences, on small reports made for each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from selfcheck.model import (
    REACH,
    Accounting,
    Audience,
    Author,
    Band,
    Context,
    Expectation,
    Exposure,
    Leak,
    Moment,
    PictureKind,
    Place,
    Precision,
    Report,
)
from selfcheck.reports import sentences, summary, words
from selfcheck.reports.html_report import render_html
from selfcheck.reports.json_report import render_json
from selfcheck.reports.summary import Tally
from selfcheck.sources.web import Outcome


def public(exposure: Exposure, audience: Audience = Audience.PUBLIC) -> Exposure:
    occurrences = tuple(
        replace(each, contexts=tuple(replace(c, audience=audience) for c in each.contexts))
        for each in exposure.occurrences
    )
    return replace(exposure, occurrences=occurrences)


# --- counts ------------------------------------------------------------------------------


def test_a_picture_on_two_platforms_counts_in_both(full: Report) -> None:
    assert summary.by_platform(full.exposures) == (
        Tally(label="Facebook", you=3, maybe=1),
        Tally(label="Google Takeout", you=2, maybe=0),
        Tally(label="Instagram", you=2, maybe=0),
        Tally(label="Folder", you=0, maybe=1),
    )


def test_a_picture_counts_once_by_its_widest_audience(full: Report) -> None:
    tallies = summary.by_audience(full.exposures)
    assert [tally.label for tally in tallies] == [
        "anybody",
        "followers",
        "friends",
        "not recorded",
        "a chat",
    ]
    assert sum(tally.pictures for tally in tallies) == len(full.exposures)


def test_every_audience_has_its_reach_and_its_words() -> None:
    assert {*REACH} == {*Audience}
    assert len({words.audience(each) for each in Audience}) == len(Audience)
    assert all(words.seen_by(each) for each in Audience)
    assert {words.author(each) for each in Author} == {"you", "somebody else", "not recorded"}


def test_authors_are_named_where_the_export_names_them(full: Report) -> None:
    tallies = summary.by_author(full.exposures)
    assert tallies[0] == Tally(label="you", you=4, maybe=0)
    assert {tally.label for tally in tallies} == {"you", "Mara Lindqvist", "Ivo", "not recorded"}


def test_years_are_those_of_the_first_time_with_the_empty_ones_between(full: Report) -> None:
    years = summary.by_year(full.exposures)
    assert [(year.label, year.pictures) for year in years] == [
        ("2018", 1),
        ("2019", 1),
        ("2020", 0),
        ("2021", 3),
        ("2022", 0),
        ("2023", 1),
    ]


def test_a_wrong_clock_does_not_fill_the_years_between(full: Report) -> None:
    first = full.exposures[0]
    old = Moment(when=datetime(1601, 1, 1, tzinfo=UTC), precision=Precision.YEAR)
    context = replace(first.occurrences[0].contexts[0], time=old)
    ancient = replace(first, occurrences=(replace(first.occurrences[0], contexts=(context,)),))
    years = summary.by_year((ancient, full.exposures[1]))
    assert [year.label for year in years] == ["1601", "2021"]


def test_leaks_come_in_the_order_of_their_weight(full: Report) -> None:
    assert [tally.label for tally in summary.by_leak(full.exposures)] == [
        Leak.GPS.value,
        Leak.TIME.value,
        Leak.CAMERA.value,
    ]


def test_what_was_not_looked_into_is_counted(full: Report) -> None:
    left = summary.not_checked(full)
    assert (left.skipped, left.pending, left.missing) == (3, 25, 2)
    assert left.files == 28


def test_nothing_at_all_has_no_counts() -> None:
    assert summary.by_platform(()) == ()
    assert summary.by_year(()) == ()


# --- sentences ---------------------------------------------------------------------------


def test_one_picture_is_spoken_of_in_the_singular(full: Report) -> None:
    one = replace(full, exposures=(full.exposures[0],))
    assert sentences.title(one) == "You were found in 1 picture."
    assert sentences.headline(one)[:3] == (
        "It stands in 2 places on 2 platforms.",
        "Anybody could see it.",
        "It gives away where it was taken.",
    )


def test_several_pictures_are_spoken_of_in_the_plural(full: Report) -> None:
    assert sentences.headline(full)[:5] == (
        "They stand in 7 places on 3 platforms.",
        "Anybody could see 3 of them.",
        "Somebody else posted 2 of them.",
        "2 of them give away where they were taken.",
        "2 more may show you.",
    )


def test_all_of_them_is_said_where_it_is_so(full: Report) -> None:
    changed = replace(full, exposures=tuple(public(each) for each in full.exposures[:2]))
    assert "Anybody could see all of them." in sentences.headline(changed)


def test_one_platform_is_named(full: Report) -> None:
    changed = replace(full, exposures=full.exposures[2:4])
    assert sentences.headline(changed)[0] == "They stand in 2 places on Instagram."


def test_what_the_owner_confirmed_is_told_as_such(full: Report) -> None:
    assert not any("confirmed" in sentence for sentence in sentences.headline(full))
    first, *rest = full.exposures
    confirmed = replace(first, match=replace(first.match, confirmed=True))
    report = replace(full, exposures=(confirmed, *rest))
    assert "You confirmed 1 of them yourself, in review." in sentences.headline(report)
    assert b"confirmed by you" in render_html(report)
    assert json.loads(render_json(report))["exposures"][0]["confirmed"] is True


def test_only_uncertain_matches_are_not_called_found(full: Report) -> None:
    changed = replace(full, exposures=full.exposures[6:])
    assert sentences.title(changed) == "2 pictures may show you."
    assert "found" not in " ".join(sentences.headline(changed)).lower()


@pytest.mark.parametrize("found", [0, 6])
def test_the_last_sentence_always_says_what_was_not_checked(full: Report, found: int) -> None:
    changed = replace(full, exposures=full.exposures[:found])
    assert sentences.headline(changed)[-1] == sentences.coverage(changed)
    assert "28 files not checked" in sentences.coverage(changed)


def test_a_complete_scan_says_that_nothing_is_left(full: Report) -> None:
    files = Accounting(found=1, checked=1, duplicate=0, ignored=0, skipped=0, pending=0)
    changed = replace(full, accounting=files, sources=())
    assert sentences.coverage(changed) == "1 picture or film was checked, 0 files not checked."


def test_next_steps_begin_with_what_is_unfinished_and_are_never_empty(
    full: Report, only_pending: Report
) -> None:
    assert sentences.next_steps(full)[0].startswith("Run the same scan again")
    assert len(sentences.next_steps(full)) == 10
    done = replace(only_pending.accounting, checked=120, pending=0)
    assert sentences.next_steps(replace(only_pending, accounting=done)) == (
        "Scan the archives of other platforms that you have used.",
    )


# --- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (0.0, "practically none"),
        (0.004, "practically none"),
        (0.01, "one in about 100 scans of this size (0.01)"),
        (0.5, "one in about 2 scans of this size (0.50)"),
        (0.9, "about 1 (0.9)"),
        (2.3, "about 2 (2.3)"),
        (1234.6, "about 1,235 (1234.6)"),
    ],
)
def test_expected_false_alarms_are_said_in_plain_words(figure: float, said: str) -> None:
    assert words.expected(figure) == said


def test_no_false_alarm_is_expected_where_nothing_was_compared() -> None:
    nothing = Expectation(
        references=1, faces_compared=0, you=0, maybe=0, you_limit=0.4, maybe_limit=0.5
    )
    assert words.false_alarms(nothing) == (
        "No face was compared yet, so no false alarm is to be expected.",
    )


@pytest.mark.parametrize(
    ("precision", "shown", "iso"),
    [
        (Precision.SECOND, "4 May 2019, 09:05 UTC+05:30", "2019-05-04T09:05:07+05:30"),
        (Precision.MINUTE, "4 May 2019, 09:05 UTC+05:30", "2019-05-04T09:05+05:30"),
        (Precision.DAY, "4 May 2019", "2019-05-04"),
        (Precision.YEAR, "2019", "2019"),
    ],
)
def test_times_are_as_exact_as_they_are_known(precision: Precision, shown: str, iso: str) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    value = Moment(when=datetime(2019, 5, 4, 9, 5, 7, tzinfo=india), precision=precision)
    assert words.moment(value) == shown
    assert words.iso(value) == iso


def test_a_time_without_a_zone_claims_none() -> None:
    when = datetime(2019, 5, 4, 9, 5, 7)  # noqa: DTZ001 - the export gives no zone
    assert words.moment(Moment(when=when)) == "4 May 2019, 09:05"
    assert words.moment(Moment(when=when.replace(tzinfo=UTC))) == "4 May 2019, 09:05 UTC"


def test_places_show_what_is_known_of_them() -> None:
    assert words.place(Place(name="Oslo")) == "Oslo"
    assert words.place(Place(latitude=-33.8688, longitude=0)) == "-33.86880, 0.00000"
    assert words.place(Place(latitude=1.0)) == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [("facebook", "Facebook"), ("google_photos", "Google Photos"), ("", "Unknown")],
)
def test_platforms_have_titles(name: str, title: str) -> None:
    assert words.platform(name) == title


def test_counts_agree_with_their_nouns() -> None:
    assert words.count(1, "picture") == "1 picture"
    assert words.count(1_000, "picture") == "1,000 pictures"
    assert words.count(0, "person", "people") == "0 people"
    assert words.listing(("a", "b", "c")) == "a, b and c"
    assert words.listing(("a",)) == "a"


def test_bands_are_told_apart(full: Report) -> None:
    assert len(summary.of_band(full, Band.YOU)) == 6
    assert len(summary.of_band(full, Band.MAYBE)) == 2


def test_a_picture_and_its_copies_count_once_and_for_all_their_places(resized: Report) -> None:
    before = replace(resized, exposures=tuple(replace(e, copies=()) for e in resized.exposures))
    for report in (before, resized):
        assert sentences.title(report) == "You were found in 6 pictures."
    places = [sum(1 for e in r.exposures for _ in summary.places(e)) for r in (before, resized)]
    assert places == [9, 10]
    assert summary.leaking(before.exposures, Leak.GPS) == 2
    assert summary.leaking(resized.exposures, Leak.GPS) == 3
    assert summary.widest(resized.exposures[2]) is Audience.FOLLOWERS
    assert "1 of them has copies, resized or saved again." in sentences.headline(resized)


# --- web addresses -----------------------------------------------------------------------


def test_requests_are_counted_by_host_the_most_asked_first(visited: Report) -> None:
    tallies = summary.by_host(visited.run.asked)
    assert [(each.host, each.requests) for each in tallies] == [
        ("club.example", 4),
        ("img.club.example", 2),
        ("router.home.example", 1),
    ]
    assert (tallies[1].sent, tallies[1].received) == (424, 2_340_310)
    assert summary.by_host(()) == ()


def test_every_outcome_of_a_request_has_its_words() -> None:
    assert {*words.OUTCOMES} == {each.value for each in Outcome}
    assert words.outcomes((("ok", 1_200), ("gone", 1))) == "1,200 answered, 1 not there"
    assert words.outcomes((("of a later version", 2),)) == "2 of a later version"
    # That is said of faces only, and beside what was not checked.
    assert not any("not found" in said for said in words.OUTCOMES.values())


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_940, "999.9 kB"),
        (999_960, "1.0 MB"),
        (1_234_500_000, "1,234.5 MB"),
    ],
)
def test_sizes_are_written_in_units_of_a_thousand(size: int, said: str) -> None:
    assert words.volume(size) == said


def test_pages_that_a_browser_shows_are_to_be_saved_there(visited: Report, full: Report) -> None:
    assert summary.behind_walls(visited) == 3
    step = "Pages that want a log-in: open them in your browser, save them, scan what was saved."
    assert step in sentences.next_steps(visited)
    assert step not in sentences.next_steps(full)


def test_only_what_is_known_of_an_address_is_said() -> None:
    plain = Context(platform="Web", kind=PictureKind.PAGE)
    when = datetime(2026, 11, 22, tzinfo=UTC)
    assert words.seen_there(plain) == ""
    assert words.seen_there(replace(plain, answered=when)) == "seen there on 22 Nov 2026"
    assert words.seen_there(replace(plain, modified=when)) == (
        "the file is of 22 Nov 2026, by its host's own account"
    )
