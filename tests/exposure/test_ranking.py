"""What to deal with first follows one rule, criterion by criterion."""

from __future__ import annotations

from dataclasses import replace

from exposure.test_usefulness import MATCH

from selfcheck.exposure import RULE, order
from selfcheck.model import (
    Audience,
    Band,
    Context,
    Exposure,
    Finding,
    Grade,
    Leak,
    Occurrence,
    PictureKind,
    Usefulness,
)


def one(
    name: str,
    *audiences: Audience,
    use: Usefulness = Usefulness.LOW,
    leaks: tuple[Leak, ...] = (),
    band: Band = Band.YOU,
) -> Exposure:
    contexts = tuple(
        Context(platform="X", kind=PictureKind.POST, audience=audience) for audience in audiences
    )
    findings = tuple(Finding(leak=leak, value="v") for leak in leaks)
    return Exposure(
        sha256=name,
        match=replace(MATCH, band=band, findings=findings),
        occurrences=(Occurrence(source="s", part="p", path="1.jpg", contexts=contexts),),
        grade=Grade(usefulness=use),
    )


def test_who_could_see_it_counts_before_how_useful_it_is() -> None:
    found = order(
        [
            one("private", Audience.PRIVATE, use=Usefulness.HIGH),
            one("unknown", Audience.UNKNOWN, use=Usefulness.HIGH),
            one("friends", Audience.FRIENDS, use=Usefulness.HIGH),
            one("anybody", Audience.PUBLIC),
        ]
    )
    assert found == ("anybody", "friends", "unknown", "private")


def test_among_equal_audiences_the_more_useful_then_the_more_telling_then_the_more_spread() -> None:
    public = Audience.PUBLIC
    found = order(
        [
            one("plain", public),
            one("twice", public, public),
            one("named", public, leaks=(Leak.CAMERA, Leak.PERSON)),
            one("placed", public, leaks=(Leak.TIME, Leak.GPS)),
            one("useful", public, use=Usefulness.HIGH),
            one("also plain", public),
        ]
    )
    assert found == ("useful", "placed", "named", "twice", "plain", "also plain")


def test_the_widest_of_several_audiences_counts_and_that_of_a_copy_too() -> None:
    hidden = one("hidden", Audience.PRIVATE)
    spread = replace(hidden, sha256="spread", copies=(one("copy", Audience.PUBLIC),))
    both = one("both", Audience.PRIVATE, Audience.FRIENDS)
    assert order([hidden, both, spread]) == ("spread", "both", "hidden")


def test_what_may_be_a_stranger_is_nothing_to_deal_with() -> None:
    assert order([one("maybe", Audience.PUBLIC, band=Band.MAYBE)]) == ()


def test_a_picture_without_any_word_about_it_is_ranked_as_not_recorded() -> None:
    silent = replace(one("silent"), occurrences=())
    assert order([silent, one("friends", Audience.FRIENDS)]) == ("friends", "silent")


def test_the_rule_has_a_sentence_for_each_criterion() -> None:
    assert len(RULE) == 4
