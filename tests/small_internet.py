"""An internet of one computer: names, a web and every packet on record, in namespaces of its own.

Owns the namespaces, the name server, the web server and the record. A folder is the web:
`club.example/team` in it answers http://club.example/team. Every address there is leads to this
computer, so that whoever is called can be seen, and nothing gets out. Needs root and Linux.

Run as a program it is the inner half: it serves, runs the command, and writes what it saw.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path

NAME_SERVER = "127.0.0.1"
_PATIENCE = 20.0  # seconds for whoever is connected to say something
_ENDING = 30.0  # more than the command has, for the namespaces and the record
_TYPES = {1: "A", 28: "AAAA"}
_KINDS = {".jpg": "image/jpeg", ".txt": "text/plain", "": "text/html"}
# A host that would know its visitors again; nothing of it may ever come back.
_COOKIE = 'Set-Cookie: visitor=1; Path=/\r\nETag: "visitor-1"\r\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it arrived: at which address, word for word, and bytes each way."""

    at: float
    to: str
    line: str
    headers: list[list[str]]
    body: int
    status: int
    came: int
    went: int

    @property
    def address(self) -> str:
        """Give what was asked for, by the name that was given."""
        host = next(value for name, value in self.headers if name == "Host")
        return f"http://{host}{self.line.split()[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a command did, and all that was seen of it on the network.

    names: each look-up, name and type. calls: protocol, address and port of everything that was
    sent to anybody, answers left out.
    """

    code: int
    output: str
    requests: list[Call]
    names: list[tuple[str, str]]
    calls: set[tuple[str, str, int]]


def missing() -> str | None:
    """Say what this computer lacks for it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "namespaces need Linux and root"
    for tool in ("unshare", "ip", "mount"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False, timeout=30)
    return None if tried.returncode == 0 else "no namespaces may be made here"


# In a process namespace, so that everything ends with the first process in it.
_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")


def watched(
    command: Sequence[str],
    *,
    folder: Path,
    web: Path,
    names: Mapping[str, str],
    environment: Mapping[str, str],
    seconds: float,
    latency: float = 0,
) -> Record:
    """Run a command in an internet of its own, and give what was seen of it.

    names: the address of each host. latency: seconds that there and back take; `folder` is for
    files of this module. Raises TimeoutExpired.
    """
    plan, record = folder / "plan.json", folder / "record.json"
    told = {
        "command": list(command),
        "web": str(web),
        "names": dict(names),
        "seconds": seconds,
        "latency": latency,
        "record": str(record),
    }
    plan.write_text(json.dumps(told))
    inner = [sys.executable, __file__, str(plan)]
    subprocess.run(
        [*_UNSHARE, *inner],
        env={**os.environ, **environment},
        check=True,
        timeout=seconds + _ENDING,
    )
    found = json.loads(record.read_text())
    return Record(
        code=found["code"],
        output=found["output"],
        requests=[Call(**one) for one in found["requests"]],
        names=[(name, kind) for name, kind in found["names"]],
        calls={(protocol, address, port) for protocol, address, port in found["calls"]},
    )


# --- the inner half --------------------------------------------------------------------------


def main(plan: Path) -> None:
    """Be this internet while a command runs in it."""
    told = json.loads(plan.read_text())
    _own_network()
    _own_names(plan.parent)
    requests: list[Call] = []
    asked: list[tuple[str, str]] = []
    calls: set[tuple[str, str, int]] = set()
    latency = told["latency"]
    web = partial(_Visitor, Path(told["web"]), latency, requests)
    names = partial(_Question, told["names"], latency, asked)
    with ExitStack() as open_now:
        open_now.enter_context(_packets(calls))
        open_now.enter_context(_serving(_Names((NAME_SERVER, 53), names)))
        open_now.enter_context(_serving(_Web(("0.0.0.0", 80), web)))
        done = subprocess.run(
            told["command"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=told["seconds"],
        )
    found = {
        "code": done.returncode,
        "output": done.stdout,
        "requests": [asdict(one) for one in requests],
        "names": asked,
        "calls": sorted(calls),
    }
    Path(told["record"]).write_text(json.dumps(found))


def _own_network() -> None:
    """Have every address lead to this computer."""
    for words in (
        "ip link set lo up",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
    ):
        # A kernel without IPv6 has none to watch.
        subprocess.run(words.split(), check="-6" not in words, timeout=10, capture_output=True)


def _own_names(folder: Path) -> None:
    """Have this computer's look-ups go to our name server, and nowhere round it."""
    for name, text in (
        ("resolv.conf", f"nameserver {NAME_SERVER}\noptions timeout:5 attempts:2\n"),
        ("nsswitch.conf", "hosts: files dns\npasswd: files\ngroup: files\n"),
    ):
        ours, theirs = folder / name, Path("/etc", name).resolve()
        ours.write_text(text)
        if theirs.exists():
            subprocess.run(["mount", "--bind", ours, theirs], check=True, timeout=10)


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve while the block runs, and to the end whom is served then."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Web(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128


class _Names(socketserver.ThreadingUDPServer):
    pass


class _Visitor(socketserver.BaseRequestHandler):
    """Answers one request from the folder, and hears its sender out."""

    def __init__(self, web: Path, latency: float, requests: list[Call], *rest: object) -> None:
        self._web, self._latency, self._requests = web, latency, requests
        super().__init__(*rest)  # type: ignore[arg-type]

    def handle(self) -> None:
        at = time.monotonic()
        self.request.settimeout(_PATIENCE)
        came = b""
        while b"\r\n\r\n" not in came and (more := self.request.recv(1 << 16)):
            came += more
        head, _, body = came.partition(b"\r\n\r\n")
        line, *headers = head.decode("latin-1").split("\r\n")
        pairs = [list(one.split(": ", 1)) for one in headers]
        status, answer = self._answer(
            line, {name: value for name, value, *_ in pairs}.get("Host", "")
        )
        # One for the connection, which the kernel makes at once, and one for the request.
        time.sleep(2 * self._latency)
        try:
            self.request.sendall(answer)
            self.request.shutdown(socket.SHUT_WR)
            while more := self.request.recv(1 << 16):
                body += more
        except ConnectionError:
            pass  # whoever has read enough may leave
        self._requests.append(
            Call(
                at=at,
                to=self.request.getsockname()[0],
                line=line,
                headers=pairs,
                body=len(body),
                status=status,
                came=len(came),
                went=len(answer),
            )
        )

    def _answer(self, line: str, host: str) -> tuple[int, bytes]:
        _, target, *_ = [*line.split(), "", ""]
        file = self._web / host / target.partition("?")[0].lstrip("/")
        there = file.is_file()
        data, status = (file.read_bytes(), 200) if there else (b"not here", 404)
        kind = _KINDS[file.suffix if there else ".txt"]
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\n{_COOKIE}"
        return status, f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


class _Question(socketserver.BaseRequestHandler):
    """Answers one look-up."""

    def __init__(
        self, names: Mapping[str, str], latency: float, asked: list[tuple[str, str]], *rest: object
    ) -> None:
        self._names, self._latency, self._asked = names, latency, asked
        super().__init__(*rest)  # type: ignore[arg-type]

    def handle(self) -> None:
        data, replies = self.request
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("latin-1"))
            at += 1 + data[at]
        (number,) = struct.unpack_from(">H", data, at + 1)
        name, kind = ".".join(labels), _TYPES.get(number, str(number))
        self._asked.append((name, kind))
        known = self._names.get(name)
        has = known is not None and kind == "A"
        flags = 0x8180 if known else 0x8183
        reply = data[:2] + struct.pack(">5H", flags, 1, int(has), 0, 0) + data[12 : at + 5]
        if has:
            reply += struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + ip_address(str(known)).packed
        time.sleep(self._latency)
        replies.sendto(reply, self.client_address)


@contextmanager
def _packets(calls: set[tuple[str, str, int]]) -> Iterator[None]:
    """Note who is called, whatever the protocol, while the block runs."""
    everything = 0x0003
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(everything)) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        wire.settimeout(0.2)
        over = threading.Event()
        thread = threading.Thread(target=_listen, args=(wire, calls, over))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _listen(wire: socket.socket, calls: set[tuple[str, str, int]], over: threading.Event) -> None:
    while True:
        try:
            packet, (_, _, direction, *_) = wire.recvfrom(128)
        except TimeoutError:
            if over.is_set():
                return
            continue
        # On the loopback every packet goes out and comes in.
        if direction == socket.PACKET_OUTGOING and (call := _call(packet)) is not None:
            calls.add(call)


def _call(packet: bytes) -> tuple[str, str, int] | None:
    """Say whom a packet calls; None for one that belongs to a call, or answers one."""
    if packet[0] >> 4 == 4:
        kind, to, rest = packet[9], packet[16:20], packet[(packet[0] & 15) * 4 :]
    else:
        kind, to, rest = packet[6], packet[24:40], packet[40:]
    rest = rest.ljust(14, b"\0")  # of protocols that have less, and no ports
    sender, port = struct.unpack_from(">HH", rest)
    if kind == socket.IPPROTO_TCP:
        opens = rest[13] & 0x12 == 0x02  # SYN and no ACK
        return ("tcp", str(ip_address(to)), port) if opens else None
    if kind == socket.IPPROTO_UDP:
        return None if sender == 53 else ("udp", str(ip_address(to)), port)
    return f"protocol {kind}", str(ip_address(to)), 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
