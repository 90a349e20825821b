"""Made-up people for the checks of identity: a head of 68 points, and encodings drawn at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from selfcheck.demo.camera import performance
from selfcheck.demo.person import View
from selfcheck.identity import (
    Acceptance,
    Assurance,
    Challenge,
    Consent,
    FaceSeen,
    FrameSeen,
    Profile,
    Step,
    Verdict,
)
from selfcheck.model import Box

Array = NDArray[np.float64]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEPS = (
    Step.TURN_LEFT,
    Step.OPEN_MOUTH,
    Step.TURN_RIGHT,
    Step.CLOSE_EYES,
    Step.COME_CLOSER,
)
_MM = 1.1  # pixels per mm at scale 1
_DISTANCE = 500.0  # mm from the camera
_PIVOT = np.array((0, 30, -60))  # mm, what a head turns around


def _head() -> Array:
    """Give 68 points in mm: to the picture's right, down, towards the camera."""
    points = np.zeros((68, 3))
    angle = np.radians(np.linspace(-80, 80, 17))
    points[:17] = np.stack(
        [72 * np.sin(angle), 20 + 95 * np.cos(angle), 20 * np.cos(angle) - 60], -1
    )
    for first, side in ((17, -1), (22, 1)):
        x = np.linspace(58, 14, 5) if side < 0 else np.linspace(14, 58, 5)
        points[first : first + 5] = np.stack([side * x, -22 - 4 * np.cos(x / 20), 4 - x / 5], -1)
    points[27:31] = [(0, -2, 8), (0, 9, 15), (0, 20, 22), (0, 31, 29)]
    points[31:36] = [(-13, 40, 8), (-7, 42, 13), (0, 43, 15), (7, 42, 13), (13, 40, 8)]
    eye = [(-15, 0, -5), (-5, -5, 0), (5, -5, 0), (15, 0, -2), (5, 5, 0), (-5, 5, 0)]
    points[36:42] = np.array(eye) + np.array((-30, 0, -3))
    points[42:48] = np.array(eye) + np.array((30, 0, -3))
    outer = np.radians(np.arange(180, -180, -30))
    points[48:60] = np.stack([25 * np.cos(outer), 70 - 9 * np.sin(outer), 6 + 0 * outer], -1)
    points[60:68] = [
        (-20, 70, 5), (-8, 69.5, 8), (0, 69.5, 9), (8, 69.5, 8),
        (20, 70, 5), (8, 70.5, 8), (0, 70.5, 9), (-8, 70.5, 8),
    ]  # fmt: skip
    return points


@dataclass
class Actor:
    """Somebody in front of a camera: their own head, their own encoding, and noise on both."""

    seed: int
    noise: float = 0.5  # pixels
    rng: np.random.Generator = field(init=False)
    points: Array = field(init=False)
    base: Array = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        shape = 1 + self.rng.normal(0, 0.05, 3)
        self.points = _head() * shape * (1, 1, 1 + self.rng.normal(0, 0.12))
        # Two people are 0.8 apart, a face that turns strays by 0.3.
        self.base = self.rng.normal(0, 0.05, 128)
        self._turned = self.rng.normal(0, 0.3 / 11.3, 128)

    def encoding(self, spread: float = 0.12) -> NDArray[np.float32]:
        return (self.base + self.rng.normal(0, spread / 11.3, 128)).astype(np.float32)

    def references(self, count: int = 3) -> NDArray[np.float32]:
        return np.stack([self.encoding(0.25) for _ in range(count)])

    def landmarks(self, view: View) -> NDArray[np.float32]:
        points = self.points.copy()
        lids, lips = [37, 38, 40, 41, 43, 44, 46, 47], [65, 66, 67, 56, 57, 58]
        points[lids, 1] *= view.eyes
        points[lips, 1] += 25 * view.mouth
        seen = _turn(view) @ (points - _PIVOT).T
        return self._pictured(seen.T + _PIVOT, view)

    def face(self, view: View) -> FaceSeen:
        landmarks = self.landmarks(view)
        drift = self._turned * max(abs(view.yaw), abs(view.pitch)) / 30
        encoding = (self.encoding() + drift).astype(np.float32)
        return FaceSeen(box=_box(landmarks), landmarks=landmarks, encoding=encoding)

    def photo(self, view: View, tilt: View) -> FaceSeen:
        """Show a flat photo of this person, taken at `view`, held at `tilt`."""
        still = np.random.default_rng(self.seed)
        flat = Actor(seed=self.seed, noise=0).landmarks(view)
        sheet = np.zeros((68, 3))
        sheet[:, :2] = (flat - 240) / _MM
        seen = (_turn(tilt) @ sheet.T).T
        landmarks = self._pictured(seen, tilt)
        encoding = (self.base + still.normal(0, 0.01, 128)).astype(np.float32)
        return FaceSeen(box=_box(landmarks), landmarks=landmarks, encoding=encoding)

    def _pictured(self, seen: Array, view: View) -> NDArray[np.float32]:
        near = _DISTANCE / view.scale
        pixels = seen[:, :2] * (_MM * _DISTANCE / (near - seen[:, 2]))[:, None]
        centre = (240 + 480 * view.x, 240 + 480 * view.y)
        return (pixels + centre + self.rng.normal(0, self.noise, (68, 2))).astype(np.float32)

    def film(
        self, steps: Sequence[Step] = STEPS, *, per_second: float = 10
    ) -> tuple[FrameSeen, ...]:
        return self.shown(
            performance(steps, per_second=per_second, seed=self.seed), per_second=per_second
        )

    def shown(self, views: Iterable[View], *, per_second: float = 10) -> tuple[FrameSeen, ...]:
        return filmed([(self.face(view),) for view in views], per_second=per_second)


def _turn(view: View) -> Array:
    yaw, pitch, roll = np.radians((view.yaw, view.pitch, view.roll))
    around_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    around_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    around_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(around_z @ around_x @ around_y)


def _box(landmarks: NDArray[np.float32]) -> Box:
    (left, top), (right, bottom) = landmarks.min(axis=0), landmarks.max(axis=0)
    return Box(left=int(left), top=int(top), right=int(right) + 1, bottom=int(bottom) + 1)


def filmed(
    faces: Sequence[tuple[FaceSeen, ...]], *, per_second: float = 10
) -> tuple[FrameSeen, ...]:
    return tuple(FrameSeen(seconds=i / per_second, faces=each) for i, each in enumerate(faces))


CHALLENGE = Challenge(steps=STEPS, issued=NOW - timedelta(minutes=2))


def profile_of(actor: Actor, count: int = 3, profile_id: str = "ab" * 16) -> Profile:
    return Profile(
        profile_id=profile_id,
        created=NOW,
        engine="made up",
        consent=Consent(text="1", given=NOW, adult=True),
        photos=tuple(f"{i:064x}" for i in range(count)),
        encodings=actor.references(count),
    )


def accepted(*, film: str | None = "f" * 64, assurance: Assurance = Assurance.FILMED) -> Acceptance:
    return Acceptance(verdict=Verdict(), assurance=assurance, at=NOW, film=film)
