"""A scan of a web address, seen by the whole internet: what is asked, of whom, and nothing else."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from small_internet import NAME_SERVER, Record, missing, watched
from stage import Export, Owner

from selfcheck.flows.report import make_report
from selfcheck.model import Report

pytestmark = pytest.mark.system

CLUB, CDN, NOBODY = "club.example", "cdn.example", "elsewhere.example"
NAMES = {CLUB: "93.184.215.14", CDN: "93.184.215.15", NOBODY: "93.184.215.16"}
PAGE = f"http://{CLUB}/team?season=2020"
# What is no picture to look at names hosts of its own: a browser would call them all.
HTML = f"""<!doctype html><title>Our team</title>
<link rel="dns-prefetch" href="//dns.example"><link rel="preconnect" href="//{NOBODY}">
<link rel="stylesheet" href="http://{NOBODY}/style.css"><link rel="icon" href="/icon.png">
<script src="http://{NOBODY}/count.js"></script><script>fetch("http://{NOBODY}/beacon")</script>
<iframe src="http://{NOBODY}/frame"></iframe><a href="/next">next</a><a href="mailto:a@b.example">
<form action="http://{NOBODY}/form" method="post"><input name="who"></form>
<img src="/me.jpg?size=2"><img src="http://{CDN}/me.jpg"><img src="http://{CDN}/other.jpg">
"""
PICTURE = "image/jpeg,image/png,image/*;q=0.8,video/*;q=0.5,*/*;q=0.1"


def headers(host: str, accept: str, encoding: str, **more: str) -> list[list[str]]:
    """Write down the headers that may be sent, in their order; there are no others."""
    return [
        ["Host", host],
        ["User-Agent", f"selfcheck/{version('selfcheck')} (user-initiated)"],
        ["Accept", accept],
        ["Accept-Encoding", encoding],
        *([name, value] for name, value in more.items()),
    ]


EXPECTED = [
    (CLUB, "/robots.txt", headers(CLUB, "text/plain,*/*;q=0.1", "identity")),
    (
        CLUB,
        "/team?season=2020",
        headers(CLUB, "text/html,image/*;q=0.9,video/*;q=0.8,*/*;q=0.1", "gzip"),
    ),
    # The page's own host learns which page, and not what was asked of it.
    (CLUB, "/me.jpg?size=2", headers(CLUB, PICTURE, "identity", Referer=f"http://{CLUB}/team")),
    (CDN, "/me.jpg", headers(CDN, PICTURE, "identity")),
    (CDN, "/other.jpg", headers(CDN, PICTURE, "identity")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan: what the internet saw, what the report says, and which process made a socket."""

    record: Record
    report: Report
    trace: Path


@pytest.fixture(scope="module")
def scanned(seen: Owner, export: Export, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Scan the page once for all tests, with the command that everybody types."""
    if (lacking := missing()) is not None:
        pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("internet")
    trace = folder / "trace"
    mine = [export.files[name] for name in sorted(export.owner) if "Photos from" in name]
    theirs = next(data for name, data in sorted(export.files.items()) if "/theirs-" in name)
    for place, data in (
        (f"{CLUB}/team", HTML.encode()),
        (f"{CLUB}/me.jpg", mine[0]),
        (f"{CDN}/me.jpg", mine[1]),
        (f"{CDN}/other.jpg", theirs),
    ):
        file = folder / "web" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    seen.forget_scans()
    record = watched(
        [*tracer(trace), sys.executable, "-m", "selfcheck", "scan", PAGE],
        folder=folder,
        web=folder / "web",
        names=NAMES,
        environment=seen.environment(),
        seconds=150,
    )
    assert record.code == 0, record.output
    found = Scanned(record=record, report=make_report(home=seen.home), trace=trace)
    seen.forget_scans()
    return found


def tracer(trace: Path) -> list[str]:
    """Watch the sockets of every process where that is possible."""
    if shutil.which("strace") is None:
        return []
    calls = "trace=socket,clone,clone3,fork,vfork,execve"
    return ["strace", "-f", "-qq", "--seccomp-bpf", "-e", calls, "-o", str(trace)]


def test_the_scan_found_what_is_there(scanned: Scanned) -> None:
    accounting = scanned.report.accounting
    assert (accounting.checked, accounting.skipped, accounting.pending) == (3, 0, 0)
    assert len(scanned.report.exposures) == 2


def test_servers_see_plain_gets_of_the_page_and_its_pictures_and_nothing_else(
    scanned: Scanned,
) -> None:
    seen = [(one.to, one.line, one.headers) for one in scanned.record.requests]
    expected = [(NAMES[host], f"GET {path} HTTP/1.1", sent) for host, path, sent in EXPECTED]
    assert sorted(seen) == sorted(expected)
    assert [one.body for one in scanned.record.requests] == [0] * len(EXPECTED)


def test_no_other_name_is_looked_up(scanned: Scanned) -> None:
    asked = set(scanned.record.names)
    assert {(name, "A") for name in (CLUB, CDN)} <= asked
    assert asked <= {(name, kind) for name in (CLUB, CDN) for kind in ("A", "AAAA")}


def test_nobody_else_is_called_by_any_protocol(scanned: Scanned) -> None:
    assert scanned.record.calls == {
        ("udp", NAME_SERVER, 53),
        ("tcp", NAMES[CLUB], 80),
        ("tcp", NAMES[CDN], 80),
    }


def test_the_report_says_of_every_request_what_the_server_saw(scanned: Scanned) -> None:
    told = [
        (one.host, one.method, one.address, one.status, one.sent, one.received)
        for one in scanned.report.run.asked
    ]
    seen = [
        (
            dict(one.headers)["Host"],
            one.line.split()[0],
            one.address,
            one.status,
            one.came,
            one.went,
        )
        for one in scanned.record.requests
    ]
    assert Counter(told) == Counter(seen)


def test_only_the_fetchers_process_makes_an_internet_socket(scanned: Scanned) -> None:
    if not scanned.trace.exists():
        pytest.skip("strace is not installed")
    first, makers, others = socket_makers(scanned.trace.read_text())
    assert len(makers) == 1
    assert first not in makers
    assert len(others) >= 3  # the parent and workers, who were watched too


def test_this_internet_sees_what_must_not_happen(tmp_path: Path) -> None:
    if (lacking := missing()) is not None:
        pytest.skip(lacking)
    program = (
        "import socket, urllib.request as web\n"
        "try: web.urlopen('http://club.example/form', data=b'who', timeout=10)\n"
        "except web.HTTPError: pass\n"
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'hello', ('8.8.8.8', 443))\n"
        "try: socket.getaddrinfo('nobody.example', 80)\n"
        "except OSError: pass\n"
    )
    record = watched(
        [*tracer(tmp_path / "trace"), sys.executable, "-c", program],
        folder=tmp_path,
        web=tmp_path,
        names=NAMES,
        environment={},
        seconds=60,
    )
    assert record.code == 0, record.output
    (one,) = record.requests
    assert (one.line.split()[0], one.body) == ("POST", 3)
    assert ("nobody.example", "A") in record.names
    assert {("udp", "8.8.8.8", 443), ("tcp", NAMES[CLUB], 80)} <= record.calls
    if (tmp_path / "trace").exists():
        first, makers, _ = socket_makers((tmp_path / "trace").read_text())
        assert makers == {first}


LINE = re.compile(r"(\d+) +(.*)")
BEGUN = re.compile(r"(?:clone3?|v?fork)\(")
ENDED = re.compile(r"(?:clone3?|v?fork)(?:\(| resumed>).*\) = (\d+)")
INTERNET = re.compile(r"socket\((?:AF_INET6?|AF_PACKET|AF_NETLINK)")


def socket_makers(trace: str) -> tuple[str, set[str], set[str]]:
    """Read a trace: the first process, those that asked for an internet socket, and the others.

    A thread counts as its process. Refused sockets count as well.
    """
    lines = [found.groups() for found in map(LINE.match, trace.splitlines()) if found]
    first = lines[0][0]
    # A child may be seen before the call that made it has ended: who is whose thread comes first.
    thread_of, begun = dict[str, str](), dict[str, bool]()
    for who, what in lines:
        if BEGUN.match(what):
            begun[who] = "CLONE_THREAD" in what
        if (ended := ENDED.search(what)) and begun.pop(who):
            thread_of[ended[1]] = who

    def process(who: str) -> str:
        return process(thread_of[who]) if who in thread_of else who

    makers = {process(who) for who, what in lines if INTERNET.match(what)}
    return first, makers, {process(who) for who, _ in lines} - makers
