"""The limits of distance, with the data and the day they come from.

Owns constants. A limit is passed by distances of at most that much; distances are rounded to
four decimals first. FMR is the share of strangers' faces that a limit lets through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from selfcheck.identity.measured import LIMITS

YOU_FMR: Final = 1e-4
MAYBE_FMR: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest distance that is still `you`, and the largest that is still `maybe`."""

    you: float
    maybe: float


# Distance of one face to the mean of so many references, less the owner's shift (`crowding`),
# each encoding the mean of a face's and of its mirror image's.
COMPARISON: Final[Mapping[int, Limits]] = {
    count: Limits(you=you, maybe=maybe) for count, (you, maybe) in LIMITS.items()
}
# A face at most this much farther than `maybe` is encoded once more from its mirror image.
SECOND_LOOK: Final = 0.10

# Distance of the mean of the live frames to the mean of so many references, together with the
# next limit. Half of the same set (bench/verification.py, 2026-11-22: 156 people with six or
# more pictures, 20 draws each). A live mean lies between one picture and the mean of five of
# different days; the limits are those at which, halfway between, 5 % of willing people are
# refused. With three references: 8.8 % with one picture, 0.3 % with two, 0.2 % with five; FMR
# 2e-4 for strangers seen in one picture, 1.8e-3 for strangers seen as the mean of five.
VERIFICATION: Final[Mapping[int, float]] = {1: 0.54, 2: 0.46, 3: 0.45, 5: 0.44, 8: 0.44}
# Distance of the live mean to each reference on its own. Of three references of which one is a
# stranger's, the mean alone lets 80 % pass; with this limit, 0.9 % (3.6 % with five pictures).
EACH_REFERENCE: Final = 0.60
# Distance of one reference to the mean of the others; past it, it is taken for somebody else.
# Same set: lets 1 % of strangers pass and refuses 1 % of the sets of three of one person.
REFERENCES_AGREE: Final = 0.58


def limits(references: int) -> Limits:
    """Give the limits for a number of references; counts not measured take the stricter side."""
    return COMPARISON[_measured(tuple(COMPARISON), references)]


def verification_limit(references: int) -> float:
    """Give the limit for the live mean against the mean of so many references."""
    return VERIFICATION[_measured(tuple(VERIFICATION), references)]


def expected(faces_compared: int, references: int) -> tuple[float, float]:
    """Tell how many strangers' faces to expect at `you` and at `maybe` among so many compared."""
    del references  # the limits move with them, the rates do not
    return faces_compared * YOU_FMR, faces_compared * (MAYBE_FMR - YOU_FMR)


def _measured(counts: tuple[int, ...], references: int) -> int:
    """Find the measured count to go by: the next larger one, or the largest there is.

    Limits shrink as references are added, so the next larger count is the stricter neighbour.
    """
    if references < 1:
        raise ValueError("a profile has at least one reference")
    return next((count for count in sorted(counts) if count >= references), max(counts))
