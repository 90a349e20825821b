"""The steps as they were done, beside the steps that were wanted."""

from __future__ import annotations

from collections.abc import Sequence

from selfcheck.identity.challenge import Step
from selfcheck.identity.refusal import Refusal
from selfcheck.identity.steps import Done


def as_filmed(found: Sequence[Done], steps: Sequence[Step]) -> tuple[tuple[Step, ...], bool]:
    """Give the steps as this film shows them: as they are, or all turns swapped by a mirror."""
    swapped = tuple(step.mirrored for step in steps)
    mirrored = agreeing(found, swapped) > agreeing(found, steps)
    return (swapped, True) if mirrored else (tuple(steps), False)


def agreeing(found: Sequence[Done], wanted: Sequence[Step]) -> int:
    """Give how many steps agree before one differs."""
    pairs = zip(found, wanted, strict=False)
    return next((i for i, (one, step) in enumerate(pairs) if one.step is not step), len(found))


def trouble(found: Sequence[Done], wanted: Sequence[Step]) -> tuple[Refusal, int | None] | None:
    """Compare what was done with what was wanted: the trouble and the step it is about."""
    right = min(agreeing(found, wanted), len(wanted))
    if right == len(wanted):
        return None
    number = right + 1
    seen = [one.step for one in found]
    if right == len(seen):
        return Refusal.CUT_SHORT, number
    if seen == [step for step in wanted if step in seen]:
        return Refusal.STEP_MISSING, number
    if sorted(seen) == sorted(wanted):
        return Refusal.WRONG_ORDER, number
    return Refusal.WRONG_STEP, number
