"""Nothing leaves: no internet socket in a scan, a report or the demo, seen from outside."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from stage import Export, Owner

from selfcheck.pictures import Format, save

pytestmark = pytest.mark.system

INTERNET = re.compile(r"socket\((?:AF_INET6?|AF_PACKET|AF_NETLINK)[^\n]*")


def internet_sockets(trace: Path, *words: str, **more: str) -> list[str]:
    """Run a command under strace, children included; give the sockets that it asked for."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    begun = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace), *words],
        env={**os.environ, **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert begun.returncode in {0, 3}
    # Refused ones count as well: a ban must not hide that something tried.
    return INTERNET.findall(trace.read_text())


def selfcheck(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "selfcheck", *words)


def test_a_scan_and_its_reports_open_no_internet_socket(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    for words in (("scan", str(export.zip)), ("report",), ("report", "--html", str(page))):
        trace = tmp_path / "trace"
        assert internet_sockets(trace, *selfcheck(*words), **owner.environment()) == []
    assert page.exists()


def test_the_demo_opens_no_internet_socket(tmp_path: Path) -> None:
    command = selfcheck("demo")
    assert internet_sockets(tmp_path / "trace", *command, SELFCHECK_HOME=str(tmp_path)) == []


def test_cleaning_a_picture_opens_no_internet_socket(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(save(np.full((48, 64, 3), 128, np.uint8), Format.JPEG, gps=(48.1, 11.5)))
    command, home = selfcheck("clean", str(photo)), str(tmp_path / "home")
    assert internet_sockets(tmp_path / "trace", *command, SELFCHECK_HOME=home) == []
    assert (tmp_path / "photo (clean).jpg").exists()


def test_the_live_check_listens_on_this_computer_alone_and_calls_nobody(
    owner: Owner, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    command = ("strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace))
    with subprocess.Popen(
        [*command, *selfcheck("verify", "--browser", "none")],
        env={**os.environ, **owner.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        with urlopen(address.partition("#")[0], timeout=30) as page:
            assert b"camera" in page.read()
        os.killpg(running.pid, signal.SIGINT)
        running.wait(timeout=60)
    seen = trace.read_text()
    assert re.findall(r"socket\((?:AF_INET6|AF_PACKET|AF_NETLINK)", seen) == []
    assert len(re.findall(r"socket\(AF_INET,", seen)) == 1
    (bound,) = re.findall(r"bind\(.*sa_family=AF_INET.*", seen)
    assert 'inet_addr("127.0.0.1")' in bound
    assert re.findall(r"(?:connect|sendto|sendmsg)\(.*sa_family=AF_INET.*", seen) == []


def test_this_test_can_fail(tmp_path: Path) -> None:
    program = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
    assert internet_sockets(tmp_path / "trace", sys.executable, "-c", program) != []
