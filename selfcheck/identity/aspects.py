"""What a check of liveness looks at. Values only."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """One test of many, each with reasons of its own; a check is passed when all of them are.

    Tests and benchmarks ask what an attack would pass if one were left out; the gate leaves out
    none.
    """

    ALONE = "one person"
    CONTINUOUS = "no jump"
    SAME = "the same face throughout"
    STEPS = "the steps asked for"
    DEPTH = "the depth of a head"
    RESPONSE = "a person's time to answer"
    LIGHT = "light of the screen on the skin"
    PERSON = "the person of the references"
