"""A web site on this computer's loopback, made by the tests, that remembers what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """Paths and their answers; what was asked, in order: method, path, headers."""

    port: int
    answers: dict[str, Answer | Callable[[Message], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, Message]] = field(default_factory=list)

    def at(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://{HOST}:{self.port}{path}"

    def page(self, path: str, *pictures: str, title: str = "A club", more: str = "") -> str:
        """Have a page with pictures, and give its address."""
        images = "".join(f'<p><img src="{one}" alt="alt of {one}"></p>' for one in pictures)
        body = f"<!doctype html><title>{title}</title>{images}{more}"
        self.answers[path] = Answer(body=body.encode())
        return self.at(path)

    def picture(self, path: str, data: bytes, **headers: str) -> None:
        """Have a picture."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self.answers[path] = Answer(body=data, kind="image/jpeg", headers=named)

    def paths(self) -> list[str]:
        """Give the paths that were asked for, in order."""
        return [path for _, path, _ in self.asked]

    def answer(self, path: str, headers: Message) -> Answer:
        """Answer a path."""
        found = self.answers.get(path, Answer(body=b"not here", status=404))
        answer = found if isinstance(found, Answer) else found(headers)
        etag = answer.headers.get("Etag")
        return Answer(status=304, headers=answer.headers) if _same(headers, etag) else answer


def _same(headers: Message, etag: str | None) -> bool:
    return etag is not None and headers["If-None-Match"] == etag


@contextmanager
def site() -> Iterator[Site]:
    """Serve a site while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.command, self.path, self.headers))
            answer = served.answer(self.path, self.headers)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has seen enough
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its own name
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        served = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
