"""The one socket: on this computer only, and an error in words where there is none."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from selfcheck.web import listener
from selfcheck.web.listening import port_of


def _run(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_socket_listens_on_a_port_of_its_own_that_only_this_computer_reaches() -> None:
    with listener() as one, listener() as other:
        assert one.getsockname()[0] == "127.0.0.1"
        assert port_of(one) != port_of(other)
        assert not one.get_inheritable()


def test_no_socket_is_had_once_the_network_is_given_up() -> None:
    printed = _run("""
        from selfcheck.errors import NetworkBlocked
        from selfcheck.privacy import network
        from selfcheck.web import listener
        network.forbid()
        try:
            listener()
        except NetworkBlocked as error:
            print(error.exit_code)
    """)
    assert printed == ["4"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
@pytest.mark.parametrize("early", [True, False])
def test_computer_without_room_for_it_is_an_error_in_words(early: bool) -> None:  # noqa: FBT001
    printed = _run(f"""
        import os, resource
        from selfcheck.errors import SelfcheckError
        from selfcheck.identity import Cue
        from selfcheck.web import CameraPage, listener
        listening = None if {early} else listener()
        page = None if {early} else CameraPage(listening)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3 if {early} else 5, 9))
        try:
            listener() if {early} else page.__enter__()
        except SelfcheckError as error:
            print(error.exit_code, error.sentence, bool(error.hint))
        if page is not None:
            print(listening.fileno())
    """)
    if early:
        assert printed == [
            "1 This computer lets no page be opened, because no port of its own is free. True"
        ]
    else:
        assert printed == ["1 The page's server cannot be started. True", "-1"]
