"""Sample reports of people who do not exist, some of them hostile."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from selfcheck.model import (
    NOT_GRADED,
    Accounting,
    Asked,
    Audience,
    Author,
    Band,
    Box,
    Context,
    Expectation,
    Exposure,
    FaceQuality,
    Finding,
    Grade,
    Leak,
    Level,
    Match,
    Missing,
    Moment,
    Occurrence,
    Part,
    PictureKind,
    Place,
    Precision,
    Reason,
    Report,
    Rule,
    RunSummary,
    Skipped,
    SourceSummary,
    Usefulness,
)

SUMMER_TIME = timezone(timedelta(hours=2))

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>@import url(https://evil.example/x.css)</style>",
    "{{7*7}}{% include 'x' %}",
    "]]>--><!--",
    "invoice\u202egpj.exe",
    "\u2066left\u2069 \u200fright",
    "\x1b[31mred\x1b]8;;https://evil.example\x07click\x1b\\",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1+1",
    "[red]markup[/red] [link=https://evil.example]x[/link]",
    "[/]",
    "A" * 10_000,
    "name\r\nSet-Cookie: x",
    "lone \udce9 surrogate",
    "javascript:alert(1)",
    "مرحبا بالعالم",
)

HOSTILE_LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/\"onmouseover=alert(1) x='",
    "//evil.example/x",
    " https://münchen.example/ä?q=<b>#f",
    "file:///etc/passwd",
)


def crop(seed: int) -> bytes:
    """Paint a coloured blur with a round shape in it; nobody's face."""
    random = np.random.default_rng(seed)
    width, height = ((480, 360), (360, 480), (480, 320), (480, 480))[seed % 4]
    coarse = random.integers(60, 220, (4, 5, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(12))
    draw = ImageDraw.Draw(picture)
    x, y, r = width * 0.5, height * 0.45, min(width, height) * 0.2
    skin = tuple(int(v) for v in random.integers(110, 230, 3))
    draw.ellipse((x - r, y - 1.3 * r, x + r, y + 1.3 * r), fill=skin)
    for side in (-0.4, 0.4):
        draw.ellipse((x + side * r - 6, y - 18, x + side * r + 6, y - 6), fill=(30, 30, 40))
    draw.arc((x - 0.5 * r, y, x + 0.5 * r, y + 0.8 * r), 20, 160, fill=(90, 40, 50), width=5)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


QUALITY = FaceQuality(
    width=140, sharpness=0.04, yaw=-3.5, pitch=1.25, contrast=0.3, evenness=0.9, drawn=1.0
)
GRADES = (
    Grade(
        usefulness=Usefulness.HIGH,
        parts=(Part(name="Sharpness", level=Level.GOOD, words="sharp"),),
    ),
    Grade(
        usefulness=Usefulness.LOW,
        parts=(
            Part(name="Sharpness", level=Level.POOR, words="blurred"),
            Part(name="HeadPose", level=Level.GOOD, words="looking into the camera"),
        ),
    ),
    NOT_GRADED,
)


def match(band: Band = Band.YOU, seed: int = 1, **changes: object) -> Match:
    plain = Match(
        band=band,
        distance=0.31 + 0.01 * (seed % 9) if band is Band.YOU else 0.49 + 0.01 * (seed % 5),
        box=Box(left=120, top=80, right=260, bottom=240),
        picture_width=4032,
        picture_height=3024,
        faces=1 + seed % 4,
        crop=crop(seed) if band is Band.YOU else b"",
        quality=QUALITY,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


def exposure(
    *contexts: Context, band: Band = Band.YOU, seed: int = 1, **changes: object
) -> Exposure:
    occurrences = tuple(
        Occurrence(
            source="facebook-sam-2026-11-01",
            part=f"facebook-sam-2026-11-01-part{1 + n % 2}.zip",
            path=f"your_facebook_activity/posts/media/album_{n}/{seed:08}_{n}.jpg",
            contexts=(context,),
        )
        for n, context in enumerate(contexts)
    )
    return Exposure(
        sha256=f"{seed:064x}",
        match=match(band, seed, **changes),
        occurrences=occurrences,
        grade=GRADES[seed % len(GRADES)],
    )


def context(platform: str = "Facebook", **changes: object) -> Context:
    plain = Context(platform=platform, kind=PictureKind.POST)
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


def day(year: int, month: int, date: int) -> Moment:
    return Moment(when=datetime(year, month, date, 12, tzinfo=UTC), precision=Precision.DAY)


def accounting(**parts: int) -> Accounting:
    counts = {"checked": 0, "duplicate": 0, "ignored": 0, "skipped": 0, "pending": 0} | parts
    return Accounting(found=sum(counts.values()), **counts)


def source(label: str, platform: str, files: Accounting, **changes: object) -> SourceSummary:
    plain = SourceSummary(
        label=label,
        platform=platform,
        parts=(f"{label}-part1.zip", f"{label}-part2.zip"),
        accounting=files,
        ignored=(),
        skipped=(),
        missing=(),
        unlisted=0,
        absent_parts=(),
        addresses=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


RUN = RunSummary(
    created=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    version="0.1.0",
    last_scan=datetime(2026, 11, 22, 14, 1, tzinfo=UTC),
    runs=3,
    assurance="filmed challenge",
    isolation=("seccomp", "audit hook", "resource limits"),
)

EXPECTATION = Expectation(
    references=5, faces_compared=2310, you=0.12, maybe=2.3, you_limit=0.42, maybe_limit=0.5
)


def asked(host: str, path: str = "/", outcome: str = "ok", **changes: object) -> Asked:
    plain = Asked(
        at=datetime(2026, 11, 22, 14, 0, 30, tzinfo=UTC),
        host=host,
        method="GET",
        address=f"https://{host}{path}",
        outcome=outcome,
        status=200,
        sent=212,
        received=48_311,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


ASKED = (
    asked("club.example", "/robots.txt", "gone", status=404, received=310),
    asked("club.example", "/team"),
    asked("img.club.example", "/me.jpg", received=2_340_120),
    asked("img.club.example", "/old.jpg", "not modified", status=304, received=190),
    asked("club.example", "/members", "login wall", status=403, received=9_000),
    asked("club.example", "/2019", "redirected", status=301, received=240),
    asked("router.home.example", "/", "blocked address", status=None, sent=0, received=0),
)


def make_exposures() -> tuple[Exposure, ...]:
    mara = {"author": Author.OTHER, "author_name": "Mara Lindqvist"}
    mine = {"author": Author.OWNER}
    return (
        exposure(
            context(
                kind=PictureKind.ALBUM,
                album="Summer at the lake",
                caption="Three days without a phone. We should do this every year.",
                time=Moment(when=datetime(2019, 7, 14, 18, 32, tzinfo=SUMMER_TIME)),
                audience=Audience.PUBLIC,
                permalink="https://www.facebook.com/photo.php?fbid=1234567890",
                tagged=2,
                **mine,
            ),
            context(
                "Google Takeout",
                kind=PictureKind.LIBRARY,
                album="2019",
                time=Moment(when=datetime(2019, 7, 14, 16, 32, tzinfo=UTC)),
                place=Place(latitude=59.32931, longitude=18.06858, name="Stockholm"),
                audience=Audience.PRIVATE,
                **mine,
            ),
            seed=3,
            findings=(
                Finding(leak=Leak.GPS, value="59.32931, 18.06858"),
                Finding(leak=Leak.CAMERA, value="Pixel 3a"),
            ),
        ),
        exposure(
            context(
                kind=PictureKind.GROUP,
                album="Hiking club",
                caption="Sam, hanging on by a thread again 😄",
                time=day(2021, 5, 2),
                audience=Audience.PUBLIC,
                permalink="https://www.facebook.com/groups/77/posts/88",
                permalink_derived=True,
                **mara,
            ),
            seed=4,
        ),
        exposure(
            context(
                "Instagram",
                kind=PictureKind.STORY,
                caption="رحلة إلى الجبل مع الأصدقاء",
                time=day(2023, 1, 20),
                audience=Audience.FOLLOWERS,
                **mine,
            ),
            seed=5,
        ),
        exposure(
            context("Instagram", kind=PictureKind.PROFILE, audience=Audience.PUBLIC, **mine),
            seed=6,
            findings=(Finding(leak=Leak.TIME, value="2022:03:01 10:11:12"),),
        ),
        exposure(
            context(
                kind=PictureKind.MESSAGE,
                album="Chat with Ivo",
                time=day(2018, 12, 31),
                audience=Audience.DIRECT,
                author=Author.OTHER,
                author_name="Ivo",
            ),
            seed=7,
        ),
        exposure(
            context("Google Takeout", kind=PictureKind.LIBRARY, time=day(2021, 8, 9), **mine),
            seed=8,
            findings=(Finding(leak=Leak.GPS, value="-33.86880, 151.20930"),),
        ),
        exposure(
            context(
                kind=PictureKind.POST, time=day(2021, 8, 10), audience=Audience.FRIENDS, **mara
            ),
            band=Band.MAYBE,
            seed=9,
        ),
        exposure(
            context("Folder", kind=PictureKind.FILE),
            band=Band.MAYBE,
            seed=10,
        ),
    )


@pytest.fixture(scope="session")
def full() -> Report:
    """A report with everything a report may hold."""
    exposures = make_exposures()
    sources = (
        source(
            "facebook-sam-2026-11-01",
            "Facebook",
            accounting(checked=812, duplicate=40, ignored=310, skipped=3),
            ignored=((Rule.DOCUMENT, 298), (Rule.SOUND, 12)),
            skipped=(
                Skipped(
                    item="posts/media/a/1.jpg", reason=Reason.TRUNCATED, detail="at byte 8,192"
                ),
                Skipped(item="posts/media/a/2.jpg", reason=Reason.NOT_A_PICTURE),
                Skipped(item="posts/media/b/3.heic", reason=Reason.DAMAGED, detail="no image item"),
            ),
            missing=(
                Missing(path="posts/media/c/9.jpg", listed_in="posts/your_posts_1.json"),
                Missing(path="posts/media/c/10.jpg", listed_in="posts/your_posts_1.json"),
            ),
            unlisted=4,
            absent_parts=("facebook-sam-2026-11-01-part3.zip",),
            addresses=1200,
        ),
        source("instagram-sam", "Instagram", accounting(checked=204, ignored=33)),
        source("takeout-20261101", "Google Takeout", accounting(checked=1630, pending=25)),
    )
    return Report(
        run=RUN,
        accounting=accounting(checked=2646, duplicate=40, ignored=343, skipped=3, pending=25),
        expectation=EXPECTATION,
        sources=sources,
        exposures=exposures,
        urgent=tuple(one.sha256 for one in reversed(exposures) if one.match.band is Band.YOU),
        rule=("who could see it", "in how many places it stands"),
    )


@pytest.fixture(scope="session")
def resized(full: Report) -> Report:
    """The same report, its third picture standing in a folder as well, smaller and with GPS."""
    copy = exposure(
        context("Folder", kind=PictureKind.FILE),
        band=Band.MAYBE,
        seed=11,
        picture_width=1600,
        picture_height=1200,
        findings=(Finding(leak=Leak.GPS, value="46.55834, 7.98360"),),
        crop=crop(11),  # where none may be
    )
    first, second, third, *rest = full.exposures
    return replace(full, exposures=(first, second, replace(third, copies=(copy,)), *rest))


@pytest.fixture(scope="session")
def filmed(full: Report) -> Report:
    """The same report, its first `you` and its first `maybe` found in films."""
    first, *rest = full.exposures
    maybe = next(each for each in rest if each.match.band is Band.MAYBE)
    late = replace(maybe, match=replace(maybe.match, second=3723.5))
    early = replace(first, match=replace(first.match, second=42.04))
    return replace(full, exposures=(early, *(late if each is maybe else each for each in rest)))


@pytest.fixture(scope="session")
def visited(full: Report) -> Report:
    """The same report after web addresses were asked, one of which shows the owner."""
    page = "https://club.example/team"
    found = exposure(
        context(
            "Web",
            kind=PictureKind.PAGE,
            album="Our team",
            caption="The rowing team in spring",
            permalink=page,
            audience=Audience.PUBLIC,
            listed_in=page,
            answered=datetime(2026, 11, 22, 14, 0, 30, tzinfo=UTC),
            modified=datetime(2019, 5, 3, 8, 0, tzinfo=UTC),
        ),
        seed=12,
    )
    stands = replace(
        found.occurrences[0],
        source="Web addresses",
        part=page,
        path="https://img.club.example/me.jpg",
    )
    answers = (
        (Reason.GONE, "the host answered 404"),
        (Reason.NO_ANSWER, "no host of that name"),
        (Reason.LOGIN_WALL, "open it in your browser, save the page, and scan what was saved"),
        (Reason.BOT_CHECK, ""),
        (Reason.CONSENT_PAGE, ""),
        (Reason.NO_WEB_ADDRESS, "it leads into a private network"),
    )
    web = source(
        "Web addresses",
        "Web",
        accounting(checked=2, ignored=4, skipped=len(answers)),
        parts=("https://club.example/team", "https://club.example/members"),
        ignored=((Rule.PAGE, 2), (Rule.FRAME, 1), (Rule.ROBOTS, 1)),
        skipped=tuple(
            Skipped(item=f"https://club.example/{n}", reason=reason, detail=detail)
            for n, (reason, detail) in enumerate(answers)
        ),
    )
    files = accounting(checked=2648, duplicate=40, ignored=347, skipped=9, pending=25)
    return replace(
        full,
        run=replace(full.run, asked=ASKED),
        accounting=files,
        sources=(*full.sources, web),
        exposures=(*full.exposures, replace(found, occurrences=(stands,))),
    )


@pytest.fixture(scope="session")
def nothing_found(full: Report) -> Report:
    """A scan that went well and found nobody."""
    return replace(full, exposures=(), urgent=())


@pytest.fixture(scope="session")
def only_pending() -> Report:
    """A scan that was stopped before it looked at anything."""
    files = accounting(pending=120)
    return Report(
        run=replace(RUN, last_scan=None, runs=0, isolation=()),
        accounting=files,
        expectation=replace(EXPECTATION, faces_compared=0, you=0.0, maybe=0.0),
        sources=(source("pictures", "Folder", files),),
        exposures=(),
    )


@pytest.fixture(scope="session")
def hostile() -> Report:
    """A report in which every text from outside attacks the program that shows it."""
    exposures = tuple(
        exposure(
            context(
                text,
                caption=text,
                album=text,
                author=Author.OTHER,
                author_name=text,
                listed_in=text,
                place=Place(name=text),
                permalink=HOSTILE_LINKS[n % len(HOSTILE_LINKS)],
            ),
            seed=20 + n,
            band=Band.YOU if n % 2 else Band.MAYBE,
            findings=(Finding(leak=Leak.CAPTION, value=text),),
        )
        for n, text in enumerate(HOSTILE)
    )
    renamed = tuple(
        replace(
            each,
            occurrences=tuple(
                replace(one, source=text, part=text, path=text) for one in each.occurrences
            ),
        )
        for each, text in zip(exposures, HOSTILE, strict=True)
    )
    renamed = tuple(replace(each, copies=renamed[n - 1 : n]) for n, each in enumerate(renamed))
    files = accounting(checked=len(HOSTILE), skipped=len(HOSTILE))
    troubles = {
        "skipped": tuple(Skipped(item=t, reason=Reason.DAMAGED, detail=t) for t in HOSTILE),
        "missing": tuple(Missing(path=t, listed_in=t) for t in HOSTILE),
        "parts": HOSTILE,
        "absent_parts": HOSTILE,
    }
    requests = tuple(asked(text, address=text, outcome=text) for text in HOSTILE)
    return Report(
        run=replace(RUN, asked=requests),
        accounting=files,
        expectation=EXPECTATION,
        sources=tuple(source(t, t, files, **troubles) for t in HOSTILE[:2]),
        exposures=renamed,
    )
