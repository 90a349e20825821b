"""The guard cannot be taken back, so each test lets it fire in a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap

import pytest

from selfcheck.privacy import network

ON_LINUX = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}
LAYERS = "('seccomp', 'audit hook')" if ON_LINUX else "('audit hook',)"


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


def _native(after: str) -> list[str]:
    return _run(
        f"""
        import ctypes, errno, os, socket, subprocess, sys, threading
        libc = ctypes.CDLL(None, use_errno=True)
        def attempt(family, kind=1):
            descriptor = libc.socket(family, kind, 0)
            return "open" if descriptor >= 0 else errno.errorcode[ctypes.get_errno()]
        {textwrap.indent(textwrap.dedent(after), " " * 8).strip()}
        """
    )


def test_native_sockets_are_refused_on_linux_and_were_open_before() -> None:
    if not ON_LINUX:
        assert network.SECCOMP not in LAYERS
        return
    families = "(socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET)"
    printed = _native(f"""
        from selfcheck.privacy import network
        print(attempt(socket.AF_INET), attempt(socket.AF_INET, 2))
        network.forbid()
        print(*[attempt(family, kind) for family in {families} for kind in (1, 2, 3)])
    """)
    assert printed == ["open open", " ".join(["EACCES"] * 12)]


def test_thread_that_ran_before_is_caught_too() -> None:
    if not ON_LINUX:
        return
    printed = _native("""
        from selfcheck.privacy import network
        start, answer = threading.Event(), []
        thread = threading.Thread(target=lambda: (start.wait(), answer.append(attempt(2))))
        thread.start()
        network.forbid()
        start.set()
        thread.join()
        print(*answer)
    """)
    assert printed == ["EACCES"]


def test_children_inherit_the_ban() -> None:
    if not ON_LINUX:
        return
    printed = _native("""
        from selfcheck.privacy import network
        network.forbid()
        child = "import socket\\ntry: socket.socket()\\nexcept OSError as e: print(e.errno)"
        subprocess.run([sys.executable, "-c", child], check=True)
    """)
    assert printed == ["13"]


@pytest.mark.parametrize("call", ["io_uring_setup", "pidfd_getfd", "ptrace"])
def test_other_roads_to_a_socket_are_closed(call: str) -> None:
    if not ON_LINUX:
        return
    numbers = {"io_uring_setup": 425, "pidfd_getfd": 438, "ptrace": None}
    number = numbers[call] or (101 if platform.machine() == "x86_64" else 117)
    printed = _native(f"""
        from selfcheck.privacy import network
        network.forbid()
        print(libc.syscall({number}, -1, 0, 0, 0), errno.errorcode[ctypes.get_errno()])
    """)
    assert printed == ["-1 EACCES"]


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.gethostbyname('example.org')",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "before.connect(('127.0.0.1', 9))",
        "before.sendto(b'x', ('127.0.0.1', 9))",
    ],
)
def test_python_code_gets_a_refusal_with_a_sentence(attempt: str) -> None:
    printed = _run(f"""
        import socket, urllib.request
        from selfcheck.errors import NetworkBlocked
        from selfcheck.privacy import network
        before = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        network.forbid()
        try:
            {attempt}
        except NetworkBlocked as refused:
            print(refused.exit_code, bool(refused.hint), refused.sentence)
    """)
    assert len(printed) == 1
    assert printed[0].startswith("4 True something tried to use the network and was stopped")


def test_local_sockets_stay_for_the_key_store_and_the_workers() -> None:
    printed = _run("""
        import socket
        from selfcheck.privacy import network
        network.forbid()
        one, other = socket.socketpair()
        one.send(b"hello")
        print(other.recv(9))
    """)
    assert printed == ["b'hello'"]


def test_layers_are_named_and_asking_twice_changes_nothing() -> None:
    printed = _run("""
        from selfcheck.privacy import network
        print(network.forbid())
        print(network.forbid())
    """)
    assert printed == [LAYERS, LAYERS]


@pytest.mark.parametrize("stranger", ["mips64", "i686", "AMD64", ""])
def test_unknown_machine_claims_the_audit_hook_only(stranger: str) -> None:
    printed = _run(f"""
        import platform
        platform.machine = lambda: {stranger!r}
        from selfcheck.privacy import network
        print(network.forbid())
    """)
    assert printed == ["('audit hook',)"]


def test_kernel_that_refuses_the_filter_is_not_counted_as_a_layer() -> None:
    printed = _run("""
        import ctypes
        from types import SimpleNamespace
        from selfcheck.privacy import network
        refusing = SimpleNamespace(prctl=lambda *a: 0, syscall=lambda *a: -1)
        ctypes.CDLL = lambda *a, **k: refusing
        print(network.forbid())
    """)
    assert printed == ["('audit hook',)"]


def test_serving_process_accepts_on_the_socket_it_was_given() -> None:
    printed = _run("""
        import os, socket, subprocess, sys
        from selfcheck.privacy import network
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        knock = f"import socket; socket.create_connection(('127.0.0.1', {port})).send(b'hello')"
        visitor = subprocess.Popen([sys.executable, "-c", knock])
        print(network.forbid(serving=True))
        connection, _ = listening.accept()
        print(connection.recv(9))
        visitor.wait()
    """)
    assert printed == [LAYERS, "b'hello'"]


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET6)",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.create_server(('127.0.0.1', 0))",
        "socket.getaddrinfo('localhost', 80)",
        "socket.gethostbyname('example.org')",
        "before.connect(('127.0.0.1', 9))",
        "before.bind(('127.0.0.1', 0))",
        "before.sendto(b'x', ('127.0.0.1', 9))",
    ],
)
def test_serving_process_reaches_nobody(attempt: str) -> None:
    printed = _run(f"""
        import socket
        from selfcheck.errors import NetworkBlocked
        from selfcheck.privacy import network
        before = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        network.forbid(serving=True)
        try:
            {attempt}
        except (NetworkBlocked, PermissionError):
            print("blocked")
    """)
    assert printed == ["blocked"]


@pytest.mark.parametrize("then", ["bind(('127.0.0.1', 0))", "connect(('127.0.0.1', 9))"])
def test_serving_process_without_the_filter_has_no_use_for_a_new_socket(then: str) -> None:
    printed = _run(f"""
        import platform, socket
        platform.machine = lambda: ""
        from selfcheck.errors import NetworkBlocked
        from selfcheck.privacy import network
        print(network.forbid(serving=True))
        new = socket.socket()
        try:
            new.{then}
        except NetworkBlocked:
            print("blocked")
    """)
    assert printed == ["('audit hook',)", "blocked"]


def test_serving_process_makes_no_native_socket() -> None:
    if not ON_LINUX:
        return
    printed = _native("""
        from selfcheck.privacy import network
        network.forbid(serving=True)
        print(attempt(socket.AF_INET), attempt(socket.AF_INET6), attempt(socket.AF_INET, 2))
    """)
    assert printed == ["EACCES EACCES EACCES"]


@pytest.mark.parametrize("call", ["connect", "bind", "shutdown"])
@pytest.mark.parametrize("which", ["listening", "accepted"])
def test_serving_process_turns_no_socket_round(which: str, call: str) -> None:
    if not ON_LINUX:
        return
    printed = _run(f"""
        import ctypes, errno, socket, struct
        from selfcheck.privacy import network
        listening = socket.create_server(("127.0.0.1", 0))
        visitor = socket.create_connection(listening.getsockname())
        accepted, _ = listening.accept()
        libc = ctypes.CDLL(None, use_errno=True)
        network.forbid(serving=True)
        nowhere = struct.pack("H14x", 0)  # AF_UNSPEC: a connection is dropped
        arguments = {{"connect": (nowhere, 16), "bind": (nowhere, 16), "shutdown": (2,)}}["{call}"]
        print(libc.{call}({which}.fileno(), *arguments), errno.errorcode[ctypes.get_errno()])
    """)
    assert printed == ["-1 EACCES"]


def test_process_without_a_network_is_not_made_a_serving_one() -> None:
    printed = _run("""
        import socket
        from selfcheck.errors import NetworkBlocked
        from selfcheck.privacy import network
        listening = socket.create_server(("127.0.0.1", 0))
        network.forbid()
        network.forbid(serving=True)
        listening.settimeout(0)
        try:
            socket.socket(fileno=listening.fileno(), family=socket.AF_INET)
        except NetworkBlocked:
            print("blocked")
    """)
    assert printed == ["blocked"]
