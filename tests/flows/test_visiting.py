"""Web addresses, from what the user gave to the values of a report, on a site of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from time import sleep

import pytest
from site_of_tests import HOST, Answer, Site, site
from stage import Export, Owner, report

from selfcheck.errors import Interrupted, NotVerified, UsageError
from selfcheck.flows.crew import Crew, Setup
from selfcheck.flows.fetching import Courier
from selfcheck.flows.given import Given, Request, sort_out
from selfcheck.flows.scan import Outcome, never, now, scan
from selfcheck.ledger import Ledger
from selfcheck.model import Audience, Author, Exposure, Reason, Report, Rule
from selfcheck.sources.web import Address, typed

WORKERS: list[Crew] = []


@pytest.fixture
def club() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def mine(export: Export) -> list[bytes]:
    """Give pictures of the owner, all different."""
    return [export.files[name] for name in sorted(export.owner) if "Photos from" in name]


@pytest.fixture
def theirs(export: Export) -> list[bytes]:
    """Give pictures of others."""
    return [
        data
        for name, data in sorted(export.files.items())
        if "/theirs-" in name and name.endswith(".jpg")
    ]


@pytest.fixture(scope="module", autouse=True)
def crew(seen: Owner) -> Iterator[Crew]:
    """Start the workers once."""
    with Crew(Setup(engine="onnx", cache=seen.cache), workers=2) as started:
        WORKERS.append(started)
        yield started
        WORKERS.clear()


def given(*addresses: str) -> tuple[Given, ...]:
    found = map(typed, addresses)
    return tuple(Given(address=one) for one in found if isinstance(one, Address))


def ask(
    owner: Owner,
    *addresses: str,
    robots: bool = False,
    stop: Callable[[], bool] = never,
    clock: Callable[[], datetime] = now,
    private: frozenset[str] = frozenset({HOST}),
) -> Outcome:
    """Scan web addresses as this owner."""
    with Courier(private_hosts=private) as courier:
        return scan(
            [],
            request=Request(courier=courier, given=given(*addresses), respect_robots=robots),
            home=owner.home,
            keys=owner.keys,
            crew=WORKERS[0],
            stop=stop,
            clock=clock,
        )


def fates(found: Report) -> dict[str, Reason]:
    return {one.item: one.reason for source in found.sources for one in source.skipped}


def places(found: Report) -> dict[str, str]:
    """Give page by picture of every match."""
    return {
        place.path: place.part
        for exposure in found.exposures
        for each in (exposure, *exposure.copies)
        for place in each.occurrences
    }


def test_a_film_never_unlocks_web_addresses(owner: Owner, club: Site) -> None:
    with pytest.raises(NotVerified):
        ask(owner, club.page("/"))
    assert club.asked == []


def test_the_owner_is_found_on_a_page_with_all_that_it_says(
    seen_owner: Owner, club: Site, mine: list[bytes], theirs: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0], last_modified="Sun, 03 May 2020 10:00:00 GMT")
    club.picture("/other.jpg", theirs[0])
    page = club.page("/team", "/me.jpg", "/other.jpg", title="Our team")
    outcome = ask(seen_owner, page)
    assert club.paths() == ["/robots.txt", "/team", "/me.jpg", "/other.jpg"]
    found = report(seen_owner)
    assert places(found) == {club.at("/me.jpg"): page}
    (exposure,) = found.exposures
    (context,) = exposure.occurrences[0].contexts
    assert (context.platform, context.permalink, context.album) == ("Web", page, "Our team")
    assert context.caption == "alt of /me.jpg"
    assert (context.audience, context.author) == (Audience.PUBLIC, Author.UNKNOWN)
    assert context.modified == datetime(2020, 5, 3, 10, tzinfo=UTC)
    assert context.answered is not None
    accounting = outcome.accounting
    assert (accounting.found, accounting.checked, accounting.ignored) == (3, 2, 1)
    (source,) = found.sources
    assert source.ignored == ((Rule.PAGE, 1),)


def test_of_a_picture_without_the_owner_nothing_that_the_page_says_is_kept(
    seen_owner: Owner, club: Site, theirs: list[bytes]
) -> None:
    club.picture("/other.jpg", theirs[0])
    ask(seen_owner, club.page("/team", "/other.jpg", title="SECRET"))
    with Ledger.open(seen_owner.home.ledger, lock=seen_owner.home.lock) as ledger:
        assert ledger._db.rows("SELECT * FROM named") == []
    assert b"SECRET" not in seen_owner.home.ledger.read_bytes()


def test_an_address_may_be_a_picture_itself(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0])
    ask(seen_owner, club.at("/me.jpg"))
    assert places(report(seen_owner)) == {club.at("/me.jpg"): club.at("/me.jpg")}


def test_a_picture_on_two_pages_is_asked_for_once_and_stands_on_both(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0])
    ask(seen_owner, club.page("/one", "/me.jpg"), club.page("/two", "/me.jpg"))
    assert club.paths().count("/me.jpg") == 1
    (exposure,) = report(seen_owner).exposures
    assert {one.part for one in exposure.occurrences} == {club.at("/one"), club.at("/two")}
    assert all(one.contexts for one in exposure.occurrences)


def test_what_cannot_be_looked_at_is_not_checked_and_says_why(
    seen_owner: Owner, club: Site
) -> None:
    club.answers["/private"] = Answer(status=403, body=b"<title>Log in</title>")
    club.answers["/broken"] = Answer(status=500, body=b"oops")
    club.answers["/words"] = Answer(body=b"%PDF-1.4", kind="application/pdf")
    page = club.page("/", "/gone.jpg", "ftp://elsewhere.example/a.jpg", "http://10.0.0.1/a.jpg")
    ask(seen_owner, page, *map(club.at, ("/private", "/broken", "/words", "/nowhere")))
    found = fates(report(seen_owner))
    assert found.pop("http://10.0.0.1/a.jpg") is Reason.NO_WEB_ADDRESS
    assert found[club.at("/gone.jpg")] is Reason.GONE
    assert found[club.at("/nowhere")] is Reason.GONE
    assert found[club.at("/broken")] is Reason.NO_ANSWER
    assert found[club.at("/words")] is Reason.NOT_A_PICTURE
    assert club.at("/private") in found


def test_where_the_largest_size_is_gone_another_is_taken(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/small.jpg", mine[0])
    more = '<img srcset="/large.jpg 2000w, /small.jpg 400w" src="/small.jpg">'
    ask(seen_owner, club.page("/", more=more))
    assert club.paths()[2:] == ["/large.jpg", "/small.jpg"]
    assert len(report(seen_owner).exposures) == 1


def test_frames_and_links_are_not_followed(seen_owner: Owner, club: Site) -> None:
    club.page("/frame")
    club.page("/link")
    ask(seen_owner, club.page("/", more='<iframe src="/frame"></iframe><a href="/link">more</a>'))
    assert club.paths() == ["/robots.txt", "/"]
    (source,) = report(seen_owner).sources
    assert dict(source.ignored) == {Rule.PAGE: 1, Rule.FRAME: 1}


def test_a_page_in_the_web_cannot_have_this_computer_asked(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0])
    page = club.page("/", f"http://localhost:{club.port}/me.jpg", f"http://[::1]:{club.port}/a.jpg")
    ask(seen_owner, page)
    assert club.paths() == ["/robots.txt", "/"]


def test_without_leave_nothing_private_is_asked(seen_owner: Owner, club: Site) -> None:
    ask(seen_owner, club.page("/"), private=frozenset())
    assert club.asked == []
    assert fates(report(seen_owner)) == {club.at("/"): Reason.NO_WEB_ADDRESS}


def test_interrupted_it_goes_on_without_asking_again_for_what_it_has(
    seen_owner: Owner, club: Site, mine: list[bytes], theirs: list[bytes]
) -> None:
    pictures = {f"/{n}.jpg": data for n, data in enumerate([*mine, *theirs])}
    for path, data in pictures.items():
        club.picture(path, data)
    page = club.page("/", *pictures, title="Our team")
    with pytest.raises(Interrupted):
        ask(seen_owner, page, stop=lambda: len(club.asked) > 4)
    settled = report(seen_owner).accounting
    assert settled.pending > 0
    before = len(club.asked)
    ask(seen_owner, page)
    later = [path for path in club.paths()[before:] if path != "/robots.txt"]
    assert "/" not in later
    assert len(later) == settled.pending
    found = report(seen_owner)
    assert found.accounting.pending == 0
    assert len(places(found)) == len(mine)
    assert all(one.occurrences[0].contexts[0].album == "Our team" for one in found.exposures)


def test_once_all_is_done_the_same_command_asks_anew_and_spares_what_is_unchanged(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0], etag='"one"')
    page = club.page("/", "/me.jpg", "/new.jpg")
    ask(seen_owner, page)
    club.picture("/new.jpg", mine[1])
    ask(seen_owner, page)
    assert club.paths().count("/") == 2
    assert [h["If-None-Match"] for _, path, h in club.asked if path == "/me.jpg"] == [None, '"one"']
    assert set(places(report(seen_owner))) == {club.at("/me.jpg"), club.at("/new.jpg")}


def test_what_is_gone_from_the_web_is_gone_from_the_report(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0])
    page = club.page("/", "/me.jpg")
    ask(seen_owner, page)
    del club.answers["/me.jpg"]
    ask(seen_owner, page)
    found = report(seen_owner)
    assert found.exposures == ()
    assert fates(found) == {club.at("/me.jpg"): Reason.GONE}


def test_a_page_that_fails_later_takes_nothing_back(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", mine[0])
    page = club.page("/", "/me.jpg")
    ask(seen_owner, page)
    club.answers["/"] = Answer(status=500)
    ask(seen_owner, page)
    found = report(seen_owner)
    assert len(found.exposures) == 1
    assert fates(found) == {page: Reason.NO_ANSWER}


def test_robots_are_shown_and_respected_where_that_is_asked_for(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /me", kind="text/plain")
    club.picture("/me.jpg", mine[0])
    page = club.page("/me-page", "/me.jpg")
    assert ask(seen_owner, page).visited.stay_away == (HOST,)
    assert len(report(seen_owner).exposures) == 1
    seen_owner.forget_scans()
    assert ask(seen_owner, page, robots=True).visited.stay_away == (HOST,)
    (source,) = report(seen_owner).sources
    assert source.ignored == ((Rule.ROBOTS, 1),)


def test_every_request_is_on_record(seen_owner: Owner, club: Site, mine: list[bytes]) -> None:
    club.picture("/me.jpg", mine[0])
    ask(seen_owner, club.page("/", "/me.jpg", "/gone.jpg"))
    asked = report(seen_owner).run.asked
    assert [one.address for one in asked] == [club.at(path) for path in club.paths()]
    assert {one.method for one in asked} == {"GET"}
    assert [one.status for one in asked] == [404, 200, 200, 404]
    assert all(one.sent > 0 and one.received > 0 for one in asked)


def test_what_was_asked_when_a_scan_was_stopped_is_on_record_too(
    seen_owner: Owner, club: Site
) -> None:
    def slowly(_: Message) -> Answer:
        sleep(1)
        return Answer(status=404)

    paths = [f"/{number}.jpg" for number in range(4)]
    club.answers |= dict.fromkeys(paths, slowly)
    with pytest.raises(Interrupted):
        ask(seen_owner, club.page("/", *paths), stop=lambda: len(club.asked) > 3)
    recorded = [one.address for one in report(seen_owner).run.asked]
    assert {club.at(path) for path in club.paths()} <= set(recorded)
    assert len(recorded) == len(set(recorded))


def test_no_more_than_the_limits_are_asked_and_the_rest_is_said_to_be_left(
    seen_owner: Owner, club: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selfcheck.flows import visiting

    pages = [club.page(f"/{n}") for n in range(4)]
    monkeypatch.setattr(visiting, "MOST_A_RUN", 3)
    monkeypatch.setattr(visiting, "MOST_A_DAY", 5)
    assert ask(seen_owner, *pages).visited.left == 1
    assert report(seen_owner).accounting.pending == 1
    assert ask(seen_owner, *pages).visited.left == 0  # goes on with the one that was left
    assert ask(seen_owner, *pages).visited.left == 3  # the day's are used up
    later = now() + timedelta(days=1, minutes=1)
    with pytest.raises(NotVerified):  # and so is the verification by then
        ask(seen_owner, *pages, clock=lambda: later)
    assert [path for path in club.paths() if path != "/robots.txt"] == [
        "/0",
        "/1",
        "/2",
        "/3",
        "/0",
    ]


@pytest.mark.parametrize(
    "address", ["http://a.example/[1-9].jpg", "https://user:x@a.example/", "http:///"]
)
def test_an_address_that_cannot_be_asked_for_is_one_sentence(address: str) -> None:
    with pytest.raises(UsageError):
        sort_out([address])


def test_the_exposure_is_one_like_any_other(
    seen_owner: Owner, club: Site, mine: list[bytes], export: Export
) -> None:
    club.picture("/me.jpg", mine[0])
    page = club.page("/", "/me.jpg")
    with Courier(private_hosts=frozenset({HOST})) as courier:
        scan(
            [export.zip],
            request=Request(courier=courier, given=given(page)),
            home=seen_owner.home,
            keys=seen_owner.keys,
            crew=WORKERS[0],
        )
    both = [one for one in report(seen_owner).exposures if _stands_in(one, "Web addresses")]
    assert len(both) == 1
    assert _stands_in(both[0], export.zip.name)
    assert replace(both[0], copies=()).occurrences


def _stands_in(exposure: Exposure, label: str) -> bool:
    return any(one.source == label for one in exposure.occurrences)
