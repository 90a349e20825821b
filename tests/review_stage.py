"""A ledger with uncertain pictures of the enrolled owner, and somebody who answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from stage import Owner

from selfcheck import pictures
from selfcheck.flows.asking import Answer, Question, Tally
from selfcheck.flows.unlock import unlock
from selfcheck.flows.worker import crop_purpose
from selfcheck.identity import seal
from selfcheck.ledger import Ledger
from selfcheck.model import (
    Audience,
    Author,
    Band,
    Box,
    Context,
    Examined,
    Match,
    Member,
    Moment,
    PartInfo,
    PictureKind,
)

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MATCH = Match(
    band=Band.MAYBE,
    distance=0.52,
    box=Box(left=200, top=140, right=300, bottom=260),
    picture_width=640,
    picture_height=480,
    faces=2,
)
CONTEXT = Context(
    platform="Facebook",
    kind=PictureKind.POST,
    caption="At the lake",
    time=Moment(when=datetime(2019, 6, 21, 4, 5, tzinfo=UTC)),
    author=Author.OTHER,
    author_name="Otto Example",
    audience=Audience.PUBLIC,
)


def sha(number: int) -> str:
    return f"{number:064x}"


def crop(number: int = 1) -> bytes:
    """Draw a picture of nobody that is told from others by its colour."""
    rgb = np.full((120, 160, 3), (40, 90, 160), np.uint8)
    rgb[20:100, 40:120] = (200, number * 37 % 256, number * 91 % 256)
    return pictures.owner_crop(rgb, Box(left=60, top=40, right=100, bottom=90))


def uncertain(
    owner: Owner,
    count: int,
    *,
    context: Context = CONTEXT,
    name: str = "photos/{}.jpg",
    you: Sequence[int] = (),
) -> None:
    """Fill the owner's ledger with so many `maybe` matches, those numbered in `you` surer."""
    key = unlock(owner.home, owner.keys).key
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        run = ledger.begin_run(command="scan", assurance="camera", isolation=(), when=NOW)
        part = PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip")
        source = ledger.source(label="a", parts=(part,))
        names = [name.replace("{}", str(number)) for number in range(1, count + 1)]
        ledger.list_members(
            source, (Member(part=0, locator=one, path=one, shown=one, size=1) for one in names)
        )
        with ledger.grouped():
            for number, item in enumerate(list(ledger.pending(source)), start=1):
                sealed = seal(key, crop(number), crop_purpose(sha(number)))
                band = Band.YOU if number in you else Band.MAYBE
                match = replace(MATCH, crop=sealed, band=band)
                ledger.settle(item, Examined(sha256=sha(number), faces=2, match=match))
                ledger.place(item, [context])
        ledger.end_run(run, outcome="finished", when=NOW)


class Enough(Exception):
    """The reviewer was killed, as far as the flow can tell."""


@dataclass(slots=True)
class Answering:
    """Answers what it is told to, and keeps what it was asked; dies when it has no answer."""

    answers: list[Answer]
    asked: list[Question] = field(default_factory=list)
    told: list[Tally] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if not self.answers:
            raise Enough
        return self.answers.pop(0)

    def tell(self, tally: Tally) -> None:
        self.told.append(tally)

    @contextmanager
    def __call__(self) -> Iterator[Answering]:
        yield self
