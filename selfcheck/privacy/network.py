"""Takes the network away from this process and from every process it starts, for good.

Owns the two layers and their names; when they are engaged is the caller's business.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import sys
from typing import Any, ClassVar, Final

from selfcheck.errors import NetworkBlocked

SECCOMP = "seccomp"
AUDIT_HOOK = "audit hook"

# Numbers of the kernel's interface: linux/audit.h, asm/unistd.h, linux/seccomp.h, linux/prctl.h.
# Besides socket: calls that make sockets by another road (io_uring), take them out of
# another process (pidfd_getfd), or make another process act for us (ptrace and the like).
_MACHINES: Final = {
    "x86_64": (0xC000003E, 317, 41, (425, 438, 101, 311, 321)),
    "aarch64": (0xC00000B7, 277, 198, (425, 438, 117, 271, 280)),
}
# connect, bind and shutdown: a socket that listens, or was accepted, can be turned round by them.
# Where none was handed over they serve local sockets, such as the key store's.
_TURNS: Final = {"x86_64": (42, 49, 48), "aarch64": (203, 200, 210)}
_X32 = 0x40000000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW = 0x7FFF0000
_DENY = 0x00050000 | errno.EACCES
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1

_LOOKUPS = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
_USES = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
_LOCAL: int = getattr(socket, "AF_UNIX", -2)
_BY_DESCRIPTOR = -1  # what Python says while it wraps a socket that exists already

_engaged: tuple[str, ...] = ()


def forbid(*, serving: bool = False) -> tuple[str, ...]:
    """Forbid internet sockets in this process and its children; give the layers' names.

    `seccomp` (Linux on x86-64 and ARM64) refuses every socket but local ones, in native
    code and in children too. The `audit hook` (everywhere) explains: Python code gets
    NetworkBlocked and a traceback. Neither can be undone. Calling it again changes nothing.
    `serving` lets a process that holds a listening socket accept connections on it; it can
    still reach nobody, bind nothing and look no name up.
    """
    global _engaged  # noqa: PLW0603 -- what the kernel keeps per process cannot be a value
    if not _engaged:
        # First the filter: installing it goes through ctypes, which the hook need not see.
        seccomp = (SECCOMP,) if _engage_seccomp(serving=serving) else ()
        sys.addaudithook(_explain_while_serving if serving else _explain)
        _engaged = (*seccomp, AUDIT_HOOK)
    return _engaged


def _explain(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in _LOOKUPS:
        blocked = True
    elif event == "socket.__new__":
        blocked = arguments[1] not in {_LOCAL, _BY_DESCRIPTOR}
    else:
        blocked = event in _USES and arguments[0].family != _LOCAL
    if blocked:
        raise NetworkBlocked(
            f"something tried to use the network and was stopped ({event})",
            hint="this should never happen: please report it with the output of --debug",
        )


def _explain_while_serving(event: str, arguments: tuple[Any, ...]) -> None:
    # accept() announces the socket it got as if it made one. The kernel's filter tells the two
    # apart; where there is none, such a socket still can be neither bound nor connected.
    accepting = (socket.AF_INET, socket.SOCK_STREAM)
    if event != "socket.__new__" or arguments[1:3] != accepting:
        _explain(event, arguments)


class _Instruction(ctypes.Structure):
    _fields_: ClassVar = [
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_: ClassVar = [
        ("length", ctypes.c_uint16),
        ("instructions", ctypes.POINTER(_Instruction)),
    ]


def _engage_seccomp(*, serving: bool) -> bool:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    architecture, seccomp, socket_call, denied = machine
    turns = _TURNS[platform.machine()] if serving else ()
    program = _filter(architecture, socket_call, (*denied, *turns))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    # TSYNC: libraries may have started threads already, and they get the filter too.
    flags = ctypes.c_ulong(_SECCOMP_FILTER_FLAG_TSYNC)
    mode = ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER)
    engaged: int = libc.syscall(ctypes.c_long(seccomp), mode, flags, ctypes.byref(program))
    return engaged == 0


def _filter(architecture: int, socket_call: int, denied: tuple[int, ...]) -> _Program:
    # Jumps count from the next instruction, so the program is laid out first: the two
    # returns stand at its end, DENY last.
    body: list[tuple[int, str, str, int]] = [
        (_LOAD, "", "", _ARCHITECTURE),
        (_EQUAL, "", "deny", architecture),
        (_LOAD, "", "", _NUMBER),
        (_ANY_BIT, "deny", "", _X32),
        *((_EQUAL, "deny", "", number) for number in denied),
        (_EQUAL, "", "allow", socket_call),
        (_LOAD, "", "", _FIRST_ARGUMENT),
        (_EQUAL, "allow", "deny", _LOCAL),
    ]
    allow = len(body)
    targets = {"allow": allow, "deny": allow + 1}
    code = [
        _Instruction(
            operation, *(targets.get(target, at + 1) - at - 1 for target in (yes, no)), operand
        )
        for at, (operation, yes, no, operand) in enumerate(body)
    ]
    code += [_Instruction(_RETURN, 0, 0, _ALLOW), _Instruction(_RETURN, 0, 0, _DENY)]
    return _Program(len(code), (_Instruction * len(code))(*code))
