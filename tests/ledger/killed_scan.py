"""A scan of two invented sources, for a test that kills it. Prints what is on disk, line by line.

One source is listed, the other streamed; every seventh picture is a match, every fifth a copy.
With a second argument it writes in groups, and what it prints may still be lost.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from selfcheck.ledger import Item, Ledger, database, listing
from selfcheck.model import (
    Band,
    Box,
    Context,
    Copied,
    Examined,
    Ignored,
    Match,
    Member,
    Missing,
    Moment,
    PartInfo,
    PictureKind,
    Reason,
    Rule,
    Skipped,
    Verdict,
)

COUNT = 40


def members(mark: str) -> Iterator[Member | Skipped]:
    for number in range(COUNT):
        content = number - 5 if number % 5 == 0 and number else number
        name = f"{mark}/{number}.jpg"
        yield Member(part=0, locator=str(number), path=name, shown=name, size=100 + content)
        if number % 20 == 0:
            yield Skipped(item=f"{mark}: entry", reason=Reason.DAMAGED, detail=f"{number % 40}")


def look(item: Item, known: frozenset[str]) -> Verdict:
    content = item.member.size - 100
    if content % 11 == 10:
        return Ignored(rule=Rule.SOUND)
    if content % 13 == 12:
        return Skipped(item=item.member.shown, reason=Reason.TRUNCATED, detail="early")
    sha256 = f"{content:064x}"
    if sha256 in known:
        return Copied(sha256=sha256)
    match = Match(
        band=Band.MAYBE if content % 2 else Band.YOU,
        distance=content / 10000,
        box=Box(left=1, top=2, right=3, bottom=4),
        picture_width=640,
        picture_height=480,
        faces=content + 1,
        crop=bytes([content]) * 5000,
    )
    return Examined(sha256=sha256, faces=content + 1, match=match if content % 7 == 0 else None)


def examine(ledger: Ledger, item: Item) -> None:
    ledger.settle(item, look(item, ledger.known(item.member.size)))
    print(item.member.path, flush=True)  # noqa: T201 - the acknowledgement


def place(ledger: Ledger, source: int, mark: str) -> None:
    ledger.set_platform(source, mark)
    for item in ledger.matched(source):
        when = Moment(when=datetime.fromtimestamp(item.member.size, UTC))
        context = Context(platform=mark, kind=PictureKind.POST, caption=item.member.path, time=when)
        ledger.place(item, [context, context])
        print("placed", flush=True)  # noqa: T201 -- its parent reads this
    missing = [Missing(path=f"{mark}/gone.jpg", listed_in="posts.json")]
    ledger.set_listing_facts(source, missing=missing, unlisted=len(mark), addresses=3)


def scan(path: Path, *, grouped: bool) -> None:
    with Ledger.open(path) as ledger, ledger.grouped() if grouped else nullcontext():
        print("open", flush=True)  # noqa: T201 -- its parent reads this
        ledger.require_configuration("one")
        first, second = (
            ledger.source(
                label=mark,
                parts=[PartInfo(path=mark, kind="zip", fingerprint=mark, name=f"{mark}.zip")],
            )
            for mark in ("listed", "streamed")
        )
        ledger.list_members(first, members("listed"))
        print("listed", flush=True)  # noqa: T201 -- its parent reads this
        for item in ledger.pending(first):
            examine(ledger, item)
        place(ledger, first, "listed")
        ledger.begin_listing(second)
        for member in members("streamed"):
            met = ledger.meet(second, member)
            if met is not None:
                examine(ledger, met)
        ledger.end_listing(second)
        place(ledger, second, "streamed")


if __name__ == "__main__":
    listing.BATCH = 9  # type: ignore[misc] # Final; small groups here  # small, so that kills fall between batches
    database._GROUP = 7  # type: ignore[misc] # Final; small groups here
    scan(Path(sys.argv[1]), grouped=len(sys.argv) > 2)
