from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import permutations
from random import Random

from selfcheck.identity import BEFORE, Step, draw, words
from selfcheck.identity.challenge import allowed

TURNS = {Step.TURN_LEFT, Step.TURN_RIGHT}
ALIVE = {Step.OPEN_MOUTH, Step.CLOSE_EYES}


def test_a_challenge_has_five_different_steps_with_both_turns_and_mouth_or_eyes() -> None:
    for seed in range(300):
        steps = set(draw(Random(seed)).steps)
        assert len(steps) == 5
        assert steps >= TURNS
        assert steps & ALIVE


def test_1080_challenges_are_possible() -> None:
    assert sum(allowed(steps) for steps in permutations(Step, 5)) == 1080


def test_no_challenge_is_likelier_than_another() -> None:
    random = Random(1)
    drawn = Counter(draw(random).steps for _ in range(20000))
    assert len(drawn) == 1080
    assert max(drawn.values()) < 45  # 18.5 on average


def test_two_challenges_drawn_in_a_row_differ_without_a_seed() -> None:
    assert len({draw().steps for _ in range(20)}) > 10


def test_a_challenge_knows_when_it_was_drawn() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert draw(now=now).issued == now
    assert draw().issued.tzinfo is not None


def test_every_step_is_put_in_words_of_its_own() -> None:
    said = {words(step) for step in Step}
    assert len(said) == len(Step)
    assert all(sentence.endswith((".", ")")) for sentence in (*said, *BEFORE))


def test_left_and_right_are_the_persons_own() -> None:
    assert "your own left" in words(Step.TURN_LEFT)
    assert "your own right" in words(Step.TURN_RIGHT)


def test_a_mirror_swaps_the_turns_and_nothing_else() -> None:
    assert {step for step in Step if step.mirrored is not step} == TURNS
    assert all(step.mirrored.mirrored is step for step in Step)
