"""Known addresses asked again, on a site of the tests' own, without any verification."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from site_of_tests import HOST, Answer, Site, site
from stage import Export, Owner, report

from selfcheck.errors import LedgerError
from selfcheck.flows.crew import Crew, Setup
from selfcheck.flows.fetching import Courier
from selfcheck.flows.given import Given, Request
from selfcheck.flows.recheck import Rechecked, recheck
from selfcheck.flows.scan import now, scan
from selfcheck.model import Standing
from selfcheck.sources.web import Address, typed


@pytest.fixture
def club() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture(scope="module")
def crew(seen: Owner) -> Iterator[Crew]:
    with Crew(Setup(engine="onnx", cache=seen.cache), workers=2) as started:
        yield started


@pytest.fixture
def mine(export: Export) -> list[bytes]:
    return [export.files[name] for name in sorted(export.owner) if "Photos from" in name]


@pytest.fixture
def page(seen_owner: Owner, club: Site, mine: list[bytes], crew: Crew) -> str:
    """Have the owner found on a page."""
    club.picture("/me.jpg", mine[0], etag='"one"')
    address = club.page("/team", "/me.jpg")
    visit(seen_owner, crew, address)
    assert len(report(seen_owner).exposures) == 1
    club.asked.clear()
    return address


def visit(owner: Owner, crew: Crew, page: str) -> None:
    given = typed(page)
    assert isinstance(given, Address)
    with Courier(private_hosts=frozenset({HOST})) as courier:
        scan(
            [],
            request=Request(courier=courier, given=(Given(address=given),)),
            home=owner.home,
            keys=owner.keys,
            crew=crew,
        )


def again(owner: Owner, since: datetime | None = None) -> Rechecked:
    with Courier(private_hosts=frozenset({HOST})) as courier:
        (only,) = recheck(
            home=owner.home, courier=courier, since=since, cache=owner.cache
        ).rechecked
    return only


def smaller(data: bytes) -> bytes:
    """Give a picture resized and saved again."""
    out = BytesIO()
    image = Image.open(BytesIO(data))
    image.resize((image.width * 3 // 4, image.height * 3 // 4)).save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.mark.usefixtures("page")
def test_what_is_still_there_is_asked_for_once_and_with_what_its_host_said(
    seen_owner: Owner, club: Site
) -> None:
    seen_owner.home.verification.rename(seen_owner.home.root / "aside")
    try:
        one = again(seen_owner)
    finally:
        (seen_owner.home.root / "aside").rename(seen_owner.home.verification)
    assert (one.now.standing, one.changed) == (Standing.THERE, False)
    assert club.paths() == ["/me.jpg"]
    assert club.asked[0][2]["If-None-Match"] == '"one"'
    asked = report(seen_owner).run.asked
    assert asked[-1].outcome == "not modified"


@pytest.mark.usefixtures("page")
def test_what_is_gone_is_a_change_once_and_told_from_what_cannot_be_reached(
    seen_owner: Owner, club: Site
) -> None:
    before = now()
    club.answers["/me.jpg"] = Answer(status=500)
    one = again(seen_owner)
    assert (one.now.standing, one.changed) == (Standing.UNKNOWN, False)
    club.answers["/me.jpg"] = Answer(status=410)
    one = again(seen_owner)
    assert (one.now.standing, one.changed) == (Standing.GONE, True)
    one = again(seen_owner)
    assert (one.now.standing, one.before.standing) == (Standing.GONE, Standing.GONE)
    assert not one.changed
    assert again(seen_owner, since=before).changed
    assert not again(seen_owner, since=now() + timedelta(minutes=1)).changed


@pytest.mark.usefixtures("page")
def test_the_same_picture_saved_again_is_still_there(
    seen_owner: Owner, club: Site, mine: list[bytes]
) -> None:
    club.picture("/me.jpg", smaller(mine[0]))
    one = again(seen_owner)
    assert (one.now.standing, one.changed) == (Standing.RESIZED, False)


def test_another_picture_is_a_change_and_waits_for_the_next_verified_scan(
    seen_owner: Owner, club: Site, mine: list[bytes], page: str, crew: Crew
) -> None:
    club.picture("/me.jpg", mine[2])
    one = again(seen_owner)
    assert (one.now.standing, one.changed) == (Standing.CHANGED, True)
    (exposure,) = report(seen_owner).exposures  # nobody was looked at yet
    visit(seen_owner, crew, club.page("/other"))  # the changed page is taken along
    assert page in map(club.at, club.paths())
    found = report(seen_owner).exposures
    assert [one.sha256 for one in found] != [exposure.sha256]


def test_what_is_gone_leaves_the_report_at_the_next_scan_and_is_then_left_alone(
    seen_owner: Owner, club: Site, page: str, crew: Crew
) -> None:
    del club.answers["/me.jpg"]
    assert again(seen_owner).changed
    assert len(report(seen_owner).exposures) == 1
    other = club.page("/other")
    for _ in range(2):
        visit(seen_owner, crew, other)
        assert report(seen_owner).exposures == ()
    assert [club.at(path) for path in club.paths()].count(page) == 1


@pytest.mark.usefixtures("page")
def test_what_is_no_picture_any_more_stops_nothing(seen_owner: Owner, club: Site) -> None:
    club.picture("/me.jpg", b"")
    assert again(seen_owner).now.standing is Standing.UNKNOWN
    club.picture("/me.jpg", b"\xff\xd8\xff\xe0 no picture")
    assert again(seen_owner).now.standing is Standing.CHANGED


def test_before_any_scan_it_is_one_sentence(seen_owner: Owner) -> None:
    with pytest.raises(LedgerError), Courier() as courier:
        recheck(home=seen_owner.home, courier=courier)
