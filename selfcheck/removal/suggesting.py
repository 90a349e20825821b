"""Which letters fit which door and situation, the gentlest first. The user decides."""

from __future__ import annotations

from typing import assert_never

from selfcheck.removal.door import DoorKind, Situation
from selfcheck.removal.terms import Law, LetterKind

_BY_LAW = {
    Law.NONE: (),
    Law.GDPR: (LetterKind.ERASURE, LetterKind.OBJECTION, LetterKind.ACCESS),
    Law.CCPA: (LetterKind.DELETE, LetterKind.OPT_OUT),
}


def suggested(kind: DoorKind, situation: Situation, law: Law) -> tuple[LetterKind, ...]:
    """Name the letters that fit, by the law where the user lives; none where a form does it all.

    One's own picture needs no letter, and neither do search engines, whose forms ask for more
    than a letter says, nor the services for intimate pictures, which get no letter at all.
    """
    match kind:
        case DoorKind.PLATFORM:
            gentle = {Situation.OTHER: LetterKind.UPLOADER, Situation.PAGE: LetterKind.OWNER}
            return (gentle[situation], *_BY_LAW[law]) if situation in gentle else ()
        case DoorKind.WEBSITE:
            asking = situation in {Situation.OTHER, Situation.PAGE}
            return (LetterKind.OWNER, *_BY_LAW[law]) if asking else ()
        case DoorKind.FACES:
            return (LetterKind.FACES, *_BY_LAW[law])
        case DoorKind.SEARCH | DoorKind.INTIMATE | DoorKind.AUTHORITY:
            return ()
        case _ as never:
            assert_never(never)
