"""A worker cannot leave its cage, so each test enters one in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from selfcheck.privacy import cage, network


def _run(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from selfcheck.privacy import cage\n" + textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_worker_has_no_network_and_says_what_holds_it() -> None:
    printed = _run("""
        import socket
        from selfcheck.errors import NetworkBlocked
        print(*cage.enter_worker(), sep="\\n")
        try:
            socket.socket()
        except NetworkBlocked:
            print("blocked")
    """)
    assert printed[-1] == "blocked"
    assert network.AUDIT_HOOK in printed
    if sys.platform == "linux":
        assert cage.MEMORY_LIMIT in printed


def test_endless_memory_ends_in_an_error() -> None:
    if sys.platform != "linux":
        return
    printed = _run("""
        cage.enter_worker()
        try:
            bytes(16 * cage.GIB)
        except MemoryError:
            print("no room")
    """)
    assert printed == ["no room"]


def test_crash_leaves_no_core_and_files_are_private() -> None:
    if sys.platform == "win32":
        return
    printed = _run("""
        import os, resource
        cage.enter_worker()
        print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)))
    """)
    assert printed == ["(0, 0) 0o77"]


def test_limit_that_was_lower_before_stays() -> None:
    if sys.platform == "win32":
        return
    printed = _run("""
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
        cage.enter_worker()
        print(resource.getrlimit(resource.RLIMIT_NOFILE))
    """)
    assert printed == ["(100, 100)"]


def test_worker_ends_with_the_process_that_started_it() -> None:
    if sys.platform != "linux":
        return
    printed = _run("""
        import os, select, subprocess, sys
        read, write = os.pipe()
        worker = (
            "import os, sys, time\\n"
            "from selfcheck.privacy import cage\\n"
            "cage.enter_worker()\\n"
            "print('ready', flush=True)\\n"
            "time.sleep(50)\\n"
        )
        middle = (
            "import os, subprocess, sys\\n"
            f"w = subprocess.Popen([sys.executable, '-c', {worker!r}], pass_fds=[{write}],"
            " stdout=subprocess.PIPE)\\n"
            "w.stdout.readline()\\n"
            "os._exit(0)\\n"
        )
        subprocess.run([sys.executable, "-c", middle], pass_fds=[write], check=True)
        os.close(write)
        # The worker holds the last writing end: end of file means that it is gone.
        print(bool(select.select([read], [], [], 30)[0]), os.read(read, 1))
    """)
    assert printed == ["True b''"]
