"""The process that asks web addresses, and what a hostile host can make it do: nothing much."""

from __future__ import annotations

import gzip
import os
import signal
import zlib
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from site_of_tests import HOST, Answer, Site, site

from selfcheck.errors import SourceError
from selfcheck.flows.fetching import Courier
from selfcheck.sources.web import Address, Outcome, Wanted, typed

MIB = 1 << 20
BOMB = bytes(9 * MIB)  # of nothing: a thousandth of it when packed, and no larger than a page


@pytest.fixture
def club() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def courier() -> Iterator[Courier]:
    with Courier(private_hosts=frozenset({HOST})) as started:
        yield started


def wanted(address: str) -> Wanted:
    found = typed(address)
    assert isinstance(found, Address)
    return Wanted(address=found, typed=True)


def outcomes(courier: Courier, *addresses: str) -> dict[str, Outcome]:
    for key, address in enumerate(addresses):
        courier.ask(key, wanted(address))
    found: dict[str, Outcome] = {}
    while courier.in_hand:
        found |= {addresses[key]: fetched.outcome for key, fetched in courier.answers(1)}
    return found


def most_memory(courier: Courier) -> int:
    """Give the most that the process ever held, in bytes."""
    status = Path(f"/proc/{courier._process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_hostile_host_costs_little_memory_and_each_trick_has_its_name(
    courier: Courier, club: Site
) -> None:
    def packed(way: str, body: bytes) -> Answer:
        return Answer(body=body, headers={"Content-Encoding": way})

    def leads(to: str) -> Answer:
        return Answer(status=302, headers={"Location": to})

    tricks: dict[str, tuple[Answer, Outcome]] = {
        "/gzip": (packed("gzip", gzip.compress(BOMB)), Outcome.BOMB),
        "/deflate": (packed("deflate", zlib.compress(BOMB)), Outcome.BOMB),
        "/brotli": (packed("br", b"\x0b\x00\x80"), Outcome.UNASKED_ENCODING),
        "/large": (Answer(body=b"<p>" * (8 * MIB)), Outcome.TOO_LARGE),
        "/picture": (Answer(body=b"\xff\xd8\xff\xe0" + bytes(60 * MIB)), Outcome.TOO_LARGE),
        "/headers": (Answer(headers={f"X-{n}": "x" * 9000 for n in range(90)}),
                     Outcome.HEADERS_TOO_LARGE),
        "/circle": (leads("/circle"), Outcome.REDIRECT_LOOP),
        "/metadata": (leads("http://169.254.169.254/latest"), Outcome.BLOCKED_ADDRESS),
        "/mapped": (leads("http://[::ffff:127.0.0.1]/"), Outcome.BLOCKED_ADDRESS),
        "/nowhere": (leads("http://0.0.0.0/"), Outcome.BLOCKED_ADDRESS),
        "/nat64": (leads("http://[64:ff9b::7f00:1]/"), Outcome.BLOCKED_ADDRESS),
        "/file": (leads("file:///etc/passwd"), Outcome.BLOCKED_SCHEME),
    }  # fmt: skip
    club.answers |= {path: answer for path, (answer, _) in tricks.items()}
    found = outcomes(courier, *map(club.at, tricks))
    assert found == {club.at(path): outcome for path, (_, outcome) in tricks.items()}
    assert most_memory(courier) < 200 * MIB


def test_a_process_that_was_ended_is_one_sentence(courier: Courier, club: Site) -> None:
    def ends_it(_: Message) -> Answer:
        assert courier._process.pid is not None
        os.kill(courier._process.pid, signal.SIGKILL)
        return Answer()

    club.answers["/"] = ends_it
    with pytest.raises(SourceError, match="ended from outside"):
        outcomes(courier, club.at("/"))
