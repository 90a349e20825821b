from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from random import Random

import numpy as np
import pytest
from identity.actors import CHALLENGE, STEPS, Actor, filmed

from selfcheck.demo.camera import performance
from selfcheck.demo.person import View
from selfcheck.identity import Demands, FrameSeen, Refusal, Step, draw, watch
from selfcheck.model import Box

CALM = [View()] * 15


def later(frames: Sequence[FrameSeen], seconds: float) -> tuple[FrameSeen, ...]:
    return tuple(replace(frame, seconds=frame.seconds + seconds) for frame in frames)


def test_no_frames_are_refused() -> None:
    assert watch((), CHALLENGE).refusal is Refusal.NO_PICTURES


def test_fewer_than_eight_frames_a_second_are_refused() -> None:
    film = Actor(seed=1).film(per_second=7)
    assert watch(film, CHALLENGE).refusal is Refusal.TOO_FEW_FRAMES


def test_a_film_that_stops_for_a_second_is_refused() -> None:
    film = Actor(seed=1).film(per_second=20)
    film = film[:60] + later(film[60:], 1)
    assert watch(film, CHALLENGE).refusal is Refusal.TOO_FEW_FRAMES


def test_frames_out_of_order_are_refused() -> None:
    film = Actor(seed=1).film()
    assert watch(film[::-1], CHALLENGE).refusal is not None


def test_a_film_of_more_than_five_minutes_is_refused() -> None:
    film = Actor(seed=1).film()
    film = (*film, FrameSeen(seconds=301, faces=film[-1].faces))
    assert watch(film, CHALLENGE).refusal is Refusal.TOO_LONG


def test_a_film_without_a_face_is_refused() -> None:
    film = tuple(FrameSeen(seconds=i / 10, faces=()) for i in range(100))
    assert watch(film, CHALLENGE).refusal is Refusal.NO_FACE


def test_a_film_with_a_face_now_and_then_is_refused() -> None:
    film = Actor(seed=1).film()
    film = tuple(replace(f, faces=f.faces if i % 2 else ()) for i, f in enumerate(film))
    assert watch(film, CHALLENGE).refusal is Refusal.NO_FACE


def test_a_face_that_leaves_in_the_middle_is_refused() -> None:
    film = Actor(seed=1).film()
    film = tuple(replace(f, faces=() if 60 < i < 68 else f.faces) for i, f in enumerate(film))
    assert watch(film, CHALLENGE).refusal is Refusal.LOST


def test_a_face_too_small_for_landmarks_is_refused() -> None:
    film = Actor(seed=1).film()
    small = tuple(
        replace(frame, faces=tuple(replace(f, box=halved(f.box)) for f in frame.faces))
        for frame in film
    )
    assert watch(small, CHALLENGE).refusal is Refusal.TOO_SMALL


def halved(box: Box) -> Box:
    return Box(left=box.left, top=box.top, right=box.left + 60, bottom=box.top + 60)


def test_a_second_person_beside_is_refused() -> None:
    one, other = Actor(seed=1), Actor(seed=2)
    beside = View(x=0.5)
    film = tuple(
        replace(frame, faces=(*frame.faces, other.face(beside)) if 40 < i < 50 else frame.faces)
        for i, frame in enumerate(one.film())
    )
    assert watch(film, CHALLENGE).refusal is Refusal.TWO_PEOPLE


def test_a_small_face_on_the_wall_is_let_be() -> None:
    one, other = Actor(seed=1), Actor(seed=2)
    film = tuple(
        replace(frame, faces=(other.face(View(x=0.4, scale=0.35)), *frame.faces))
        for frame in one.film()
    )
    assert watch(film, CHALLENGE).passed


def test_a_finder_that_sees_the_same_face_twice_is_let_be() -> None:
    one = Actor(seed=1)
    film = tuple(replace(frame, faces=(*frame.faces, *frame.faces[:1])) for frame in one.film())
    assert watch(film, CHALLENGE).passed


def test_a_change_of_person_in_a_calm_moment_is_refused() -> None:
    one, other = Actor(seed=1).film(), Actor(seed=2)
    views = list(performance(STEPS, seed=1))
    for cut in (3, 45, 90):
        film = one[:cut] + later(other.shown(views[cut:]), cut / 10)
        assert watch(film, CHALLENGE).refusal is Refusal.CHANGED


def test_a_change_of_person_for_one_step_is_refused() -> None:
    one, other = Actor(seed=1), Actor(seed=2)
    views = list(performance(STEPS, seed=1))
    first, last = 38, 56  # the second step
    faces = [(other if first <= i < last else one).face(view) for i, view in enumerate(views)]
    assert watch(filmed([(f,) for f in faces]), CHALLENGE).refusal is Refusal.CHANGED


def test_a_face_that_becomes_another_little_by_little_is_refused() -> None:
    one, other = Actor(seed=1), Actor(seed=2)
    views = list(performance(STEPS, seed=1))
    faces = []
    for i, view in enumerate(views):
        face, share = one.face(view), i / len(views)
        moved = face.encoding + share * (other.base - one.base)
        faces.append((replace(face, encoding=moved.astype(np.float32)),))
    assert watch(filmed(faces), CHALLENGE).refusal is Refusal.CHANGED


def test_a_face_that_jumps_across_the_picture_is_refused() -> None:
    one = Actor(seed=1)
    views = [replace(view, x=view.x + 0.4 * (i > 70)) for i, view in enumerate(performance(STEPS))]
    assert watch(one.shown(views), CHALLENGE).refusal is Refusal.JUMP


def test_a_face_that_suddenly_grows_is_refused() -> None:
    one = Actor(seed=1)
    views = [
        replace(view, scale=1.6 * view.scale if i > 70 else view.scale)
        for i, view in enumerate(performance(STEPS))
    ]
    assert watch(one.shown(views), CHALLENGE).refusal is Refusal.JUMP


def test_landmarks_that_slip_in_one_frame_are_no_jump_and_in_two_they_are() -> None:
    one = Actor(seed=1)
    for slipped, wanted in ((range(5, 6), None), (range(5, 7), Refusal.JUMP)):
        views = [
            replace(view, scale=0.7 * view.scale if i in slipped else view.scale)
            for i, view in enumerate(performance(STEPS))
        ]
        assert watch(one.shown(views), CHALLENGE).refusal is wanted


def test_a_film_that_begins_in_movement_is_refused() -> None:
    one = Actor(seed=1)
    views = [View(yaw=12 * np.sin(i)) for i in range(70)]
    assert watch(one.shown(views), CHALLENGE).refusal is Refusal.NO_NEUTRAL_START


def test_a_film_that_begins_turned_away_is_refused() -> None:
    one = Actor(seed=1)
    views = [View(yaw=30)] * 70
    assert watch(one.shown(views), CHALLENGE).refusal is Refusal.NO_NEUTRAL_START


def test_a_film_that_begins_with_closed_eyes_is_refused() -> None:
    one = Actor(seed=1)
    views = [View(eyes=0.2)] * 70
    assert watch(one.shown(views), CHALLENGE).refusal is Refusal.NO_NEUTRAL_START


def test_the_steps_in_another_order_are_refused() -> None:
    swapped = (STEPS[0], STEPS[2], STEPS[1], *STEPS[3:])
    verdict = watch(Actor(seed=1).film(swapped), CHALLENGE)
    assert (verdict.refusal, verdict.step) == (Refusal.WRONG_ORDER, 2)


def test_other_steps_are_refused() -> None:
    other = (Step.TURN_LEFT, Step.LOOK_UP, Step.TURN_RIGHT, Step.LOOK_DOWN, Step.COME_CLOSER)
    verdict = watch(Actor(seed=1).film(other), CHALLENGE)
    assert (verdict.refusal, verdict.step) == (Refusal.WRONG_STEP, 2)


def test_a_step_too_many_is_refused() -> None:
    more = (*STEPS[:2], Step.LOOK_UP, *STEPS[2:])
    assert watch(Actor(seed=1).film(more), CHALLENGE).refusal is Refusal.WRONG_STEP


def test_a_step_done_twice_is_refused() -> None:
    more = (STEPS[0], *STEPS)
    assert watch(Actor(seed=1).film(more), CHALLENGE).refusal is Refusal.WRONG_STEP


def test_a_long_film_of_every_step_in_every_order_is_refused() -> None:
    steps = list(Step) * 3
    Random(5).shuffle(steps)
    assert not watch(Actor(seed=1).film(steps), CHALLENGE).passed


def test_a_missing_step_is_refused() -> None:
    fewer = STEPS[:1] + STEPS[2:]
    verdict = watch(Actor(seed=1).film(fewer), CHALLENGE)
    assert (verdict.refusal, verdict.step) == (Refusal.STEP_MISSING, 2)


def test_a_film_cut_short_is_refused() -> None:
    film = Actor(seed=1).film()
    verdict = watch(film[:80], CHALLENGE)
    assert (verdict.refusal, verdict.step) == (Refusal.CUT_SHORT, 4)


def test_a_blink_is_not_closing_the_eyes() -> None:
    views = [
        replace(view, eyes=0.1 if view.eyes < 0.9 and i % 4 == 0 else 1.0)
        for i, view in enumerate(performance(STEPS, seed=1))
    ]
    assert watch(Actor(seed=1).shown(views), CHALLENGE).refusal is Refusal.STEP_MISSING


def test_two_steps_without_calm_between_are_refused() -> None:
    steps = (Step.TURN_LEFT, Step.OPEN_MOUTH, *STEPS[2:])
    views = list(performance(steps, seed=1))
    mouth = next(i for i, view in enumerate(views) if view.mouth > 0.2)
    views = [
        replace(view, yaw=25.0) if i < mouth and view.yaw < 25 and i > mouth - 12 else view
        for i, view in enumerate(views)
    ]
    verdict = watch(Actor(seed=1).shown(views), CHALLENGE)
    assert (verdict.refusal, verdict.step) == (Refusal.NO_NEUTRAL_BETWEEN, 2)


def test_somebody_who_only_sits_there_is_refused() -> None:
    verdict = watch(Actor(seed=1).shown([View()] * 120), CHALLENGE)
    assert verdict.refusal is Refusal.LIFELESS


def waved() -> Iterator[View]:
    """Wave a photo to all sides, up and down, and closer."""
    for yaw, pitch, scale in ((50, 0, 1), (-50, 0, 1), (0, 45, 1), (0, -45, 1), (0, 0, 1.5)):
        for share in chain(np.linspace(0, 1, 8), [1.0] * 8, np.linspace(1, 0, 8), [0.0] * 7):
            yield View(yaw=yaw * share, pitch=pitch * share, scale=1 + (scale - 1) * share)


def test_a_flat_photo_that_is_waved_is_refused() -> None:
    for seed in range(10):
        one = Actor(seed=seed)
        faces = [(one.photo(View(), tilt),) for tilt in chain(CALM, waved())]
        assert watch(filmed(faces), CHALLENGE).refusal is Refusal.FLAT


def test_a_flat_photo_held_still_and_brought_closer_is_refused() -> None:
    one = Actor(seed=1)
    closer = [View(scale=1 + 0.5 * np.sin(i / 20)) for i in range(100)]
    faces = [(one.photo(View(), tilt),) for tilt in chain(CALM, closer)]
    assert watch(filmed(faces), CHALLENGE).refusal is Refusal.LIFELESS


def test_photos_in_several_poses_shown_one_after_another_are_refused() -> None:
    for seed in range(5):
        one = Actor(seed=seed)
        poses = [View(), View(yaw=30), View(), View(mouth=0.9), View(), View(yaw=-30), View()]
        poses += [View(eyes=0.2), View(), View(scale=1.5), View()]
        random = Random(seed)
        faces = []
        for pose in poses:
            # A hand lays them down a little apart, one after the other.
            tilt = View(x=random.uniform(-0.3, 0.3), y=random.uniform(-0.2, 0.2))
            faces += [(one.photo(pose, tilt),)] * 12
        assert watch(filmed(faces), CHALLENGE).refusal is Refusal.JUMP


def album(poses: Sequence[View], frames: int = 10) -> Iterator[View]:
    for pose in poses:
        yield from [View()] * frames
        yield from [pose] * frames
    yield from [View()] * frames


def test_photos_in_several_poses_cut_together_in_one_place_are_refused() -> None:
    poses = [View(yaw=30), View(mouth=0.9), View(yaw=-30), View(eyes=0.2), View(scale=1.3)]
    for seed in range(10):
        film = Actor(seed=seed).shown(album(poses))
        assert watch(film, CHALLENGE).refusal is Refusal.JUMP


def test_somebody_quick_passes() -> None:
    for seed in range(10):
        views = list(performance(STEPS, seed=seed, per_second=17))
        assert watch(Actor(seed=seed).shown(views), CHALLENGE).reason is None


def test_a_mirrored_film_passes_when_every_turn_is_swapped() -> None:
    swapped = [step.mirrored for step in STEPS]
    verdict = watch(Actor(seed=1).film(swapped), CHALLENGE)
    assert verdict.passed
    assert verdict.measures["mirrored"] == 1


def test_a_camera_whose_mirroring_is_known_accepts_no_mirrored_film() -> None:
    film = Actor(seed=1).film([step.mirrored for step in STEPS])
    assert watch(film, CHALLENGE, Demands(mirrored=False)).refusal is Refusal.MIRRORED


def test_a_film_with_only_one_turn_swapped_is_refused() -> None:
    steps = (Step.TURN_LEFT, Step.OPEN_MOUTH, Step.TURN_LEFT, *STEPS[3:])
    assert not watch(Actor(seed=1).film(steps), CHALLENGE).passed


@pytest.mark.parametrize("seed", range(40))
def test_a_willing_person_passes(seed: int) -> None:
    challenge = draw(Random(seed))
    assert watch(Actor(seed=seed).film(challenge.steps), challenge).reason is None


def test_a_willing_person_passes_at_eight_frames_a_second() -> None:
    for seed in range(10):
        film = Actor(seed=seed).film(per_second=8)
        assert watch(film, CHALLENGE).reason is None


def test_a_willing_person_passes_who_needs_time_and_reaches_for_the_camera() -> None:
    one = Actor(seed=1)
    views = [View(pitch=-15, scale=1.1)] * 15 + CALM * 2
    views += list(performance(STEPS, seed=1))
    views += [View(scale=1 + i / 10) for i in range(6)]
    film = one.shown(views)
    film = tuple(replace(f, faces=() if i < 8 else f.faces) for i, f in enumerate(film))
    assert watch(film, CHALLENGE).reason is None


def test_a_finder_that_misses_a_frame_now_and_then_does_not_harm() -> None:
    film = Actor(seed=1).film()
    film = tuple(replace(f, faces=() if i % 9 == 5 else f.faces) for i, f in enumerate(film))
    assert watch(film, CHALLENGE).reason is None


def test_the_verdict_of_a_film_is_the_same_every_time() -> None:
    film = Actor(seed=1).film()
    assert watch(film, CHALLENGE) == watch(film, CHALLENGE)


def test_a_random_film_passes_a_random_challenge_about_once_in_five_hundred() -> None:
    one = Actor(seed=1)
    film = one.film()
    passed = sum(watch(film, draw(Random(seed))).passed for seed in range(150))
    assert passed <= 2


def test_every_refusal_says_what_would_help() -> None:
    for refusal in Refusal:
        assert refusal.hint
        assert not refusal.value.endswith(".")


def test_the_reason_names_the_step() -> None:
    verdict = watch(Actor(seed=1).film()[:80], CHALLENGE)
    assert verdict.reason == "it ends before the last step was seen (step 4)"
    assert verdict.hint == Refusal.CUT_SHORT.hint
