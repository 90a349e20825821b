"""Cases of people who do not exist, and texts that try to be more than text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from selfcheck.model import (
    Audience,
    Author,
    Band,
    Box,
    Context,
    Exposure,
    Finding,
    Leak,
    Match,
    Moment,
    PictureKind,
)
from selfcheck.removal import Case, Person

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></p><iframe src=https://evil.example>",
    "{{7*7}}{% include 'page' %}{# #}",
    "]]>--><!--",
    "invoice\u202egpj.exe",
    "\u2066left\u2069 \u200fright",
    "\x1b[31mred\x1b]8;;https://evil.example\x07click\x1b\\",
    "=cmd|' /C calc'!A0",
    "A" * 10_000,
    "*" * 10_000,
    "END:VEVENT\r\nBEGIN:VALARM\r\nATTACH:https://evil.example",
    'a;b,c\\n\\;d:"e"',
    "# heading",
    "\n\n# heading\n\n---\n",
    "- item",
    "1. item",
    "10) item",
    "> quote",
    "    code",
    "[a](https://evil.example) ![b](https://evil.example/b.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example www.evil.example WWW.evil.example",
    "`code` ``` ~~~ ~~gone~~ **bold** _slanted_ ***both***",
    "| a | b |\n|---|---|\n| c | d |",
    "&lt;b&gt; &#60; &copy;",
    "\\*not\\* \\",
    "$x$ @somebody :smile: ^note^ ==mark==",
    "tag\U000e0041smuggling \x00 \udce9",
    "مرحبا بالعالم",
    "Grüße, 👩\u200d👩\u200d👧 und 日本語",
)


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest) -> str:
    text = request.param
    assert isinstance(text, str)
    return text


@pytest.fixture
def hostile_case(hostile: str) -> Case:
    return Case(
        recipient=hostile,
        platform=hostile,
        written=date(2026, 11, 27),
        person=Person(name=hostile, contact=hostile),
        addresses=(hostile, "https://club.example/team?who=*a_b*"),
        caption=hostile,
        album=hostile,
        gives_away=tuple(Leak),
    )


@pytest.fixture
def case() -> Case:
    return Case(
        recipient="Rowing Club Example",
        platform="Facebook",
        written=date(2026, 11, 27),
        person=Person(name="Kim Sample", contact="kim@sample.example"),
        addresses=("https://club.example/team",),
        posted=Moment(when=datetime(2019, 6, 21, 4, 5, 6, tzinfo=UTC)),
        caption="Summer at the lake",
        album="Team",
        gives_away=(Leak.GPS, Leak.SERIAL),
    )


@pytest.fixture
def exposure() -> Exposure:
    findings = (
        Finding(leak=Leak.SERIAL, value="SN-0815"),
        Finding(leak=Leak.GPS, value="52.51630, 13.37770"),
        Finding(leak=Leak.GPS, value="52.51631, 13.37771"),
    )
    match = Match(
        band=Band.YOU,
        distance=0.3,
        box=Box(left=0, top=0, right=10, bottom=10),
        picture_width=100,
        picture_height=100,
        faces=1,
        findings=findings,
    )
    return Exposure(sha256="0" * 64, match=match, occurrences=())


@pytest.fixture
def context() -> Context:
    return Context(
        platform="Flickr",
        kind=PictureKind.ALBUM,
        permalink="https://photos.example/1",
        permalink_derived=True,
        caption="Regatta",
        time=Moment(when=datetime(2020, 2, 29, 12, tzinfo=UTC)),
        author=Author.OTHER,
        author_name="Sam Uploader",
        album="2020",
        audience=Audience.PUBLIC,
    )
