"""Which letters fit which door and situation, the gentlest first. The user decides."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import assert_never

from selfcheck.removal.catalogue import of_kind
from selfcheck.removal.door import Door, DoorKind, Situation
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


def sendable(kind: DoorKind, situation: Situation) -> tuple[LetterKind, ...]:
    """Name every letter that somebody may have sent there, of whatever law.

    More than is suggested: whoever lost an account asks for their own picture by law, and who
    posted in a group can be asked as well.
    """
    fit = [letter for law in Law for letter in suggested(kind, situation, law)]
    if situation is Situation.OWN:
        fit = [letter for letters in _BY_LAW.values() for letter in letters]
    elif situation is Situation.PAGE and kind is DoorKind.PLATFORM:
        fit.append(LetterKind.UPLOADER)
    return tuple(dict.fromkeys(fit))


def authorities(laws: AbstractSet[Law]) -> tuple[Door, ...]:
    """Give those to whom one can complain under these laws."""
    return tuple(door for door in of_kind(DoorKind.AUTHORITY) if _law(door) in laws)


def _law(authority: Door) -> Law:
    return Law.CCPA if authority.name == "authority_california" else Law.GDPR
