"""Saved pages read in a worker: one that it is lost with says nothing, and nothing is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from lost_pages import dies, fails
from stage import Export, Owner, places, report, run

from selfcheck.errors import Interrupted
from selfcheck.exports import ReadPage
from selfcheck.flows import saved, worker
from selfcheck.flows.crew import Crew, Setup
from selfcheck.flows.saved import SavedPages
from selfcheck.flows.scan import interrupted
from selfcheck.model import Member

PAGE = b"<title>Anna</title><img src=1.jpg alt='In the garden'>"
ADDRESS = "https://a.example/"


def nothing() -> None:
    """Go on."""


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Give one worker."""
    cache = tmp_path_factory.mktemp("saved") / "cache"
    with Crew(Setup(engine="onnx", cache=cache), workers=1) as one:
        yield one


def reader(crew: Crew, seconds: float = 60.0) -> SavedPages:
    return SavedPages(crew=crew, matched={(0, "a")}, go_on=nothing, seconds=seconds)


def read(one: SavedPages, data: bytes = PAGE) -> ReadPage | None:
    return one.read(data, address=ADDRESS, charset=None)


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", [b"deadly", b"endless"])
def test_a_page_that_a_worker_is_lost_with_says_nothing_and_the_next_is_read(
    crew: Crew, monkeypatch: pytest.MonkeyPatch, page: bytes
) -> None:
    one = reader(crew, seconds=2)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "read_saved_page", dies)
        assert read(one, page) is None
    assert one.lost == 1
    one.seconds = 60
    after = read(one)
    assert after is not None
    assert after.title == "Anna"


def test_after_many_lost_pages_no_more_are_tried(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = reader(crew)
    one.lost = saved.MOST_LOST
    assert read(one) is None
    one.lost = 0
    monkeypatch.setattr(saved, "MOST_PAGES", 2)
    assert [read(one) is not None for _ in range(3)] == [True, True, False]


def test_a_page_over_which_the_reader_fails_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfcheck.pages.read", fails)
    assert worker.read_saved_page(PAGE, ADDRESS, None) is None


def test_what_a_page_says_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"".join(b"<img src=/%d.jpg alt=x>" % n for n in range(3000))
    whole = worker.read_saved_page(page, ADDRESS, None)
    assert whole is not None
    assert len(whole.images) == 2000
    monkeypatch.setattr(worker, "_MOST_SAID", 1000)
    few = worker.read_saved_page(page, ADDRESS, None)
    assert few is not None
    assert 0 < len(few.images) < 50


def test_a_user_who_stops_the_scan_does_not_wait_for_pages(crew: Crew) -> None:
    def stop() -> None:
        raise interrupted()

    with pytest.raises(Interrupted):
        read(SavedPages(crew=crew, matched=(), go_on=stop))


# --- good ones ---------------------------------------------------------------------------


def test_only_pictures_that_matched_matter(crew: Crew) -> None:
    a, b = (Member(part=0, locator=x, path=x, shown=x, size=1) for x in "ab")
    one = reader(crew)
    assert (one.matters(a), one.matters(b)) == (True, False)


class Asked(BaseHTTPRequestHandler):
    """Counts who asks."""

    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)


@pytest.fixture
def host() -> Iterator[str]:
    """Serve nothing on this machine, and count who asks."""
    server = HTTPServer(("127.0.0.1", 0), Asked)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_of_a_match_in_a_saved_page_its_words_are_kept_and_nothing_is_fetched(
    owner: Owner, export: Export, tmp_path: Path, host: str
) -> None:
    mine = export.files[min(export.owner)]
    theirs = next(n for n in export.files if n not in export.owner and n.endswith(".jpg"))
    folder = tmp_path / "pages"
    (folder / "Anna_files").mkdir(parents=True)
    (folder / "Anna.html").write_text(
        f"<!-- saved from url=(0020){host}/anna --><link rel=stylesheet href={host}/a.css>"
        f"<title>Anna</title><script src={host}/a.js></script><iframe src={host}/f></iframe>"
        f"<figure><img src=Anna_files/1.jpg srcset='{host}/1.jpg 2x' alt='In the garden'>"
        "<figcaption>Summer</figcaption></figure>"
        f"<img src=Anna_files/2.jpg alt='SECRET of others'><img src={host}/3.jpg>"
    )
    (folder / "Anna_files" / "1.jpg").write_bytes(mine)
    (folder / "Anna_files" / "2.jpg").write_bytes(export.files[theirs])
    assert run(owner, folder).accounting.balances()
    found = report(owner)
    assert places(found) == {"Anna_files/1.jpg"}
    (context,) = found.exposures[0].occurrences[0].contexts
    assert (context.permalink, context.album) == (f"{host}/anna", "Anna")
    assert context.caption == "Summer\nIn the garden"
    assert Asked.paths == []
    assert b"SECRET" not in owner.home.ledger.read_bytes()
