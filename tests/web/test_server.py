"""The server's process: shut in, silent, and gone with the command that started it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from web.visitor import JPEG, Visitor, refused, servers, soon

from selfcheck.identity.cue import Cue, Phase
from selfcheck.web import CameraPage, listener

ON_LINUX = sys.platform == "linux"


def _script(folder: Path, body: str) -> Path:
    path = folder / "command.py"
    path.write_text(
        "import sys, time\n"
        "from selfcheck.errors import SelfcheckError\n"
        "from selfcheck.privacy import network\n"
        "from selfcheck.web import CameraPage, listener\n"
        "def main():\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    return path


OFFLINE = """
listening = listener()
network.forbid()
with CameraPage(listening) as page:
    print(page.address, flush=True)
    for shot in page.frames():
        print(len(shot.data), flush=True)
"""


def _begun(folder: Path) -> tuple[subprocess.Popen[str], Visitor]:
    """Start a command that gives up its network and serves a page."""
    command = subprocess.Popen(
        [sys.executable, _script(folder, OFFLINE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stdout is not None
    place, _, token = command.stdout.readline().strip().partition("/#")
    return command, Visitor(port=int(place.rpartition(":")[2]), token=token)


def test_page_works_although_the_command_gave_up_the_network(tmp_path: Path) -> None:
    command, visitor = _begun(tmp_path)
    assert visitor.enter().status == 200
    assert visitor.send().status == 200
    visitor.post("/closed")
    out, error = command.communicate(timeout=20)
    assert out == f"{len(JPEG)}\n"
    # Its own traceback, as nobody catches the error there, and not a word from the server.
    assert error.startswith("Traceback")
    assert error.count("Traceback") == 1
    assert "closed before the check was done" in error


def test_server_ends_with_a_command_that_is_killed(tmp_path: Path) -> None:
    command, visitor = _begun(tmp_path)
    assert visitor.get("/").status == 200
    command.kill()
    out, error = command.communicate(timeout=20)
    assert (out, error) == ("", "")  # and nothing more has these open
    assert soon(lambda: refused(visitor.port))


def test_ctrl_c_is_the_commands_and_ends_both_without_a_word_of_the_server(tmp_path: Path) -> None:
    if os.name != "posix":
        return
    command, visitor = _begun(tmp_path)
    visitor.enter()
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does: to everybody
    _, error = command.communicate(timeout=20)
    assert error.count("Traceback") == 1
    assert error.rstrip().endswith("KeyboardInterrupt")
    assert refused(visitor.port)


def test_server_outlives_ctrl_c_until_the_command_decides(guest: Visitor) -> None:
    for server in servers():
        os.kill(server, signal.SIGINT)
    time.sleep(0.3)
    assert guest.send().status == 200


def test_server_is_shut_in(guest: Visitor) -> None:
    if not ON_LINUX:
        return
    (server, *_) = (pid for pid in servers() if _listens(pid, guest.port))
    status = Path(f"/proc/{server}/status").read_text()
    limits = Path(f"/proc/{server}/limits").read_text()
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert re.search(r"^Umask:\s+0077$", status, re.MULTILINE)
    assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.MULTILINE)


def test_server_does_not_load_what_could_open_a_profile(guest: Visitor) -> None:
    if not ON_LINUX:
        return
    (server, *_) = (pid for pid in servers() if _listens(pid, guest.port))
    mapped = Path(f"/proc/{server}/maps").read_text()
    assert "python" in mapped
    for library in ("numpy", "cryptography", "onnxruntime", "sqlite", "PIL"):
        assert f"/{library}" not in mapped


def _listens(pid: int, port: int) -> bool:
    listening = f"0100007F:{port:04X} 00000000:0000 0A"
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines():
        if listening in line:
            inode = line.split()[9]
            links = Path(f"/proc/{pid}/fd").iterdir()
            return any(_target(link) == f"socket:[{inode}]" for link in links)
    return False


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with CameraPage(listener()) as page:
        visitor = Visitor.at(page)
        visitor.enter()
        visitor.get("/nowhere")
        visitor.send(b"garbage")
        with socket.create_connection(("127.0.0.1", visitor.port)) as rude:
            rude.sendall(b"\x00\x01\r\n\r\n")
            rude.recv(1000)
        with socket.create_connection(("127.0.0.1", visitor.port)) as hasty:
            hasty.sendall(b"POST /frame HTTP/1.1\r\nContent-Length: 9\r\n")
        page.show(Cue(phase=Phase.PASSED, number=1))
        assert soon(lambda: visitor.send().json["phase"] == "passed")
    assert capfd.readouterr() == ("", "")
