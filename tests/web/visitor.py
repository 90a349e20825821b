"""Somebody at a page's door: a browser that behaves, or one that leaves something out."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import active_children
from threading import Thread
from typing import Any

from selfcheck.errors import SelfcheckError
from selfcheck.identity.cue import Shot
from selfcheck.web import CameraPage, ReviewPage

JPEG = b"\xff\xd8\xff\xe0" + bytes(500)
LEFT_OUT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Read the body."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(slots=True, kw_only=True)
class Visitor:
    """A browser at one address, with its cookie and its seat."""

    port: int
    token: str
    cookie: str = ""
    seat: str = "new"
    serial: int = 0

    @classmethod
    def at(cls, page: CameraPage | ReviewPage) -> Visitor:
        """Stand before a page and do nothing yet."""
        place, _, token = page.address.partition("/#")
        return cls(port=int(place.rpartition(":")[2]), token=token)

    @property
    def host(self) -> str:
        """Name the host as a browser does."""
        return f"127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask once, on a connection of its own; a header that is empty is left out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": self.host, **(headers or {})}
            if body or method == "POST":
                sent.setdefault("Content-Length", str(len(body)))
            for name, value in sent.items():
                if value != LEFT_OUT:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return Answer(
                status=answer.status,
                headers={name.lower(): value for name, value in answer.getheaders()},
                body=answer.read(),
            )
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page."""
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send something as the page does; headers replace those that it sends."""
        usual = {
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "X-Selfcheck": self.seat,
            "Cookie": self.cookie,
        }
        return self.ask("POST", path, body, usual | _named(headers))

    def enter(self, **headers: str) -> Answer:
        """Bring the token, or only the cookie where there is none."""
        answer = self.post("/session", self.token.encode(), **headers)
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
            self.seat = str(answer.json["x-selfcheck"])
        return answer

    def send(self, data: bytes = JPEG, *, cue: int | str = 0, **headers: str) -> Answer:
        """Send a picture."""
        numbers = {"X-Selfcheck-Frame": str(self.serial), "X-Selfcheck-Cue": str(cue)}
        self.serial += 1
        return self.post("/frame", data, **(numbers | headers))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    """Turn names that Python allows into those that HTTP has."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


@dataclass(slots=True)
class Taker:
    """Takes a page's pictures in beside the test, and keeps how that ended."""

    page: CameraPage
    shots: list[Shot] = field(default_factory=list)
    error: SelfcheckError | None = None
    ended: bool = False
    _thread: Thread | None = None

    def start(self) -> Taker:
        """Begin to take pictures in."""
        self._thread = Thread(target=self._take, daemon=True)
        self._thread.start()
        return self

    def wait(self, seconds: float = 10.0) -> None:
        """Wait until no more come."""
        assert self._thread is not None
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the pictures did not end"

    def _take(self) -> None:
        try:
            for shot in self.page.frames():
                self.shots.append(shot)
        except SelfcheckError as error:
            self.error = error
        self.ended = True


def soon(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait until something is true, and say whether it became so."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def servers() -> list[int]:
    """Give the processes that this one started and that still run."""
    return [child.pid for child in active_children() if child.pid is not None]


def refused(port: int) -> bool:
    """Say whether nobody listens on a port."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) != 0
