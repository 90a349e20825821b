"""A ledger as a scan leaves it, made without one: matched pictures and where they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from selfcheck.ledger import Ledger
from selfcheck.model import (
    Answered,
    Audience,
    Author,
    Band,
    Box,
    Context,
    Examined,
    FaceQuality,
    Finding,
    Leak,
    Match,
    Member,
    PartInfo,
    PictureKind,
    Standing,
    Stood,
)
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MATCH = Match(
    band=Band.YOU,
    distance=0.31,
    box=Box(left=0, top=0, right=140, bottom=140),
    picture_width=640,
    picture_height=480,
    faces=1,
    findings=(Finding(leak=Leak.GPS, value="46.55834, 7.98360"),),
    quality=FaceQuality(
        width=140, sharpness=0.04, yaw=-3.5, pitch=1.25, contrast=0.3, evenness=0.9, drawn=1.0
    ),
)
BY_OTTO = Context(
    platform="Facebook",
    kind=PictureKind.POST,
    author=Author.OTHER,
    author_name="Otto Example",
    audience=Audience.PUBLIC,
    caption="At the lake",
    permalink="https://www.facebook.com/photo/1",
)
OWN = Context(
    platform="Instagram",
    kind=PictureKind.POST,
    author=Author.OWNER,
    audience=Audience.FRIENDS,
)
ON_A_PAGE = Context(
    platform="Web",
    kind=PictureKind.PAGE,
    audience=Audience.PUBLIC,
    permalink="https://club.example/team",
)
LOOSE = Context(platform="Folder", kind=PictureKind.FILE)


def home_with(place: Path, *pictures: tuple[Context, ...], gone: bool = False) -> Home:
    """Make a home whose ledger holds a picture of the owner for each list of contexts.

    Names are `111111…`, `222222…` and so on. gone: what stands at an address is not there now.
    """
    home = Home(root=place)
    home.root.mkdir(mode=0o700, exist_ok=True)
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        run = ledger.begin_run(command="scan", assurance="camera", isolation=(), when=NOW)
        # Each scan goes by something new, so that everything is looked at again.
        ledger.require_configuration(f'{{"references": {ledger.runs()}}}')
        part = PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip")
        source = ledger.source(label="a", parts=(part,))
        names = [f"{number}.jpg" for number in range(len(pictures))]
        ledger.list_members(
            source,
            (Member(part=0, locator=name, path=name, shown=name, size=1) for name in names),
        )
        for number, (item, contexts) in enumerate(
            zip(list(ledger.pending(source)), pictures, strict=True), start=1
        ):
            ledger.settle(item, Examined(sha256=f"{number}" * 64, faces=1, match=MATCH))
            ledger.place(item, contexts)
            if any(context.platform == "Web" for context in contexts):
                ledger.note_answer(item, Answered(final="https://club.example/1.jpg", at=NOW))
        for known in ledger.known_addresses() if gone else ():
            ledger.note_standing(known.item, Stood(at=NOW, standing=Standing.GONE))
        ledger.end_run(run, outcome="finished", when=NOW)
    return home
