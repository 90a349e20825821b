"""Leads through a live check: says what to show next, from the frames seen so far.

Owns the order and the pace. It judges nothing: `live` judges when all is over, from all frames and
from the script kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from selfcheck.identity import steps
from selfcheck.identity.aspects import Aspect
from selfcheck.identity.challenge import Challenge, Step
from selfcheck.identity.colour import SHOWN, Colour
from selfcheck.identity.cue import Cue, Phase, Trouble
from selfcheck.identity.frames import FaceSeen, FrameSeen
from selfcheck.identity.light import Shown
from selfcheck.identity.pose import Array, Measures, measure
from selfcheck.identity.track import nearest, other_person

_BRIGHTNESS: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of light, ITU-R BT.709


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things take, in seconds, and what a good place before the camera is."""

    still: float = 1.2  # calm at the start, from which own neutral and noise are taken
    rest: float = 0.4  # calm after a step, before the pause begins
    step: float = 8.0  # in which a step must be done
    rest_within: float = 8.0  # in which to look straight again
    light_lag: float = 0.8  # after the last colour
    kept: int = 300  # frames from before the check begins
    others: int = 3  # frames with a second person
    frames_per_second: float = 8.0
    width: tuple[float, float] = (0.17, 0.55)  # of the face, as a share of the picture's width
    width_pixels: float = 90
    middle: float = 0.22  # how far off it may be, as a share of the picture
    dark: float = 0.02  # light of the skin, of full light
    bright: float = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A step that was asked for: from when, in seconds of the check."""

    step: Step
    shown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What was asked and when. begins: the first frame of the calm start; None if it never came."""

    begins: float | None = None
    prompts: tuple[Prompt, ...] = ()
    colours: tuple[Shown, ...] = ()  # one more than colours: when the last was over


@dataclass(slots=True)
class Director:
    """One live check. Hand it every frame in order; it answers with what to show.

    left_out: goes on in spite of these, so that a test can see what else would refuse an attack;
    nothing that guards hands it in.
    """

    challenge: Challenge
    light: bool = True
    left_out: Collection[Aspect] = ()
    pace: Pace = field(default_factory=Pace)
    size: steps.Size = field(default_factory=steps.Size)
    frames: list[FrameSeen] = field(default_factory=list, repr=False)
    script: Script = field(default_factory=Script)
    cue: Cue = field(default_factory=lambda: Cue(phase=Phase.PLACE))
    _faces: list[FaceSeen | None] = field(default_factory=list, repr=False)
    _others: int = 0
    _since: float = 0.0  # when the phase began
    _calm_since: float | None = None

    def see(self, frame: FrameSeen) -> Cue:
        """Take in a frame, and give what to show until the next."""
        self.frames.append(frame)
        self._follow(frame)
        match self.cue.phase:
            case Phase.PLACE:
                self._place(frame)
            case Phase.STEP:
                self._step(frame)
            case Phase.REST:
                self._rest(frame)
            case Phase.LIGHT:
                self._light(frame)
            case _:
                pass
        return self.cue

    def _follow(self, frame: FrameSeen) -> None:
        """Note which face it is; a second person ends the check."""
        before = next((face for face in reversed(self._faces) if face is not None), None)
        if self.cue.phase is Phase.PLACE:
            before = None
        one = nearest(frame.faces, before) if frame.faces else None
        self._faces.append(one)
        if one is not None and self.cue.phase is not Phase.PLACE:
            self._others += any(other_person(face, one) for face in frame.faces)
            if self._others >= self.pace.others and Aspect.ALONE not in self.left_out:
                self._show(frame.seconds, Phase.JUDGING)

    @property
    def over(self) -> bool:
        """Say whether there is nothing more to see."""
        return self.cue.phase is Phase.JUDGING or self.cue.phase.over

    def _show(
        self,
        now: float,
        phase: Phase,
        *,
        step: Step | None = None,
        done: int | None = None,
        colour: Colour | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        before = self.cue
        count = before.done if done is None else done
        new = Cue(
            phase=phase, number=before.number, step=step, done=count, colour=colour, trouble=trouble
        )
        if phase is not before.phase:
            self._since, self._calm_since = now, None
        if new != before:
            self.cue = replace(new, number=before.number + 1)

    def _place(self, frame: FrameSeen) -> None:
        """Wait for a calm face that looks straight, long enough for its own neutral."""
        if len(self.frames) > self.pace.kept:  # who sits there for minutes is not kept in memory
            del self.frames[0], self._faces[0]
        trouble = self._misplaced(frame)
        if trouble is None:
            first = self._window(frame.seconds - self.pace.still)
            trouble = self._not_ready(first)
            if trouble is None:
                self.script = replace(self.script, begins=self.frames[first].seconds)
                self._show(frame.seconds, Phase.REST)
                return
        self._show(frame.seconds, Phase.PLACE, trouble=trouble)

    def _window(self, since: float) -> int:
        """Give the first frame from this time on."""
        return next((i for i in range(len(self.frames)) if self.frames[i].seconds >= since), 0)

    def _misplaced(self, frame: FrameSeen) -> Trouble | None:
        face = self._faces[-1]
        if face is None:
            return Trouble.BLACK if frame.black else Trouble.NO_FACE
        if any(other_person(other, face) for other in frame.faces):
            return Trouble.TWO_PEOPLE
        return self._out_of_place(face, frame.size) or self._badly_lit(frame)

    def _out_of_place(self, face: FaceSeen, size: tuple[int, int]) -> Trouble | None:
        wide, high = size
        box = face.box
        least, most = self.pace.width
        if box.width < max(least * wide, self.pace.width_pixels):
            return Trouble.TOO_SMALL
        if box.width > most * wide:
            return Trouble.TOO_LARGE
        x, y = (box.left + box.right) / 2 / wide - 0.5, (box.top + box.bottom) / 2 / high - 0.5
        return Trouble.OFF_CENTRE if max(abs(x), abs(y)) > self.pace.middle else None

    def _badly_lit(self, frame: FrameSeen) -> Trouble | None:
        if frame.skin is None:
            return None
        light = float(frame.skin @ _BRIGHTNESS)
        if light < self.pace.dark:
            return Trouble.TOO_DARK
        return Trouble.TOO_BRIGHT if light > self.pace.bright else None

    def _not_ready(self, first: int) -> Trouble | None:
        """Say what the last second or so lacks for a calm start."""
        lasting = self.frames[-1].seconds - self.frames[first].seconds
        if first == 0 and lasting < self.pace.still - 1 / self.pace.frames_per_second:
            return Trouble.NOT_CALM
        if len(self.frames) - 1 - first < self.pace.frames_per_second * lasting - 1:
            return Trouble.TOO_SLOW
        found = self._measured(first)
        if found is None:
            return Trouble.NOT_CALM
        seconds, measures = found
        if steps.calm_start(seconds, measures, self.size) is None:
            return Trouble.NOT_STRAIGHT
        own = steps.neutral(measures, 0, len(seconds) - 1)
        return None if steps.is_calm(measures, own, self.size) else Trouble.NOT_CALM

    def _measured(self, first: int) -> tuple[Array, Measures] | None:
        """Measure the face of the frames from this one on; None where one shows none."""
        faces = self._faces[first:]
        seen = [face for face in faces if face is not None]
        if len(seen) < len(faces) or len(seen) < 4:  # noqa: PLR2004 -- of a calm start
            return None
        seconds = np.array([frame.seconds for frame in self.frames[first:]])
        return seconds, measure(np.stack([face.landmarks for face in seen]))

    def _efforts(self) -> tuple[Array, Array] | None:
        """Give times and efforts of all frames with a face since the check began."""
        begins = self.script.begins
        assert begins is not None, "the check has begun"
        pairs = [
            (frame.seconds, face.landmarks)
            for frame, face in zip(self.frames, self._faces, strict=True)
            if face is not None and frame.seconds >= begins
        ]
        seconds = np.array([time for time, _ in pairs])
        measures = measure(np.stack([landmarks for _, landmarks in pairs]))
        neutral = steps.calm_start(seconds, measures, self.size)
        if neutral is None:
            return None
        return seconds, steps.efforts(
            measures, neutral, self.size, flat=Aspect.DEPTH in self.left_out
        )

    def _step(self, frame: FrameSeen) -> None:
        prompt = self.script.prompts[-1]
        found = self._efforts() if self._faces[-1] is not None else None
        if found is not None:
            seconds, rows = found
            start = int(np.searchsorted(seconds, prompt.shown))
            made = steps.done(seconds, rows, start, self.size)
            if made:
                if made[-1].step is prompt.step:
                    self._show(frame.seconds, Phase.REST, done=self.cue.done + 1)
                else:
                    self._show(frame.seconds, Phase.JUDGING)
                return
        if frame.seconds - prompt.shown > self.pace.step:
            self._show(frame.seconds, Phase.JUDGING)

    def _rest(self, frame: FrameSeen) -> None:
        """Wait until the face is calm, then as long as this pause was drawn."""
        found = self._efforts() if self._faces[-1] is not None else None
        calm = found is not None and bool(steps.calm(found[1], self.size)[-1])
        if not calm:
            self._calm_since = None
            if frame.seconds - self._since > self.pace.rest_within:
                self._show(frame.seconds, Phase.JUDGING)
            return
        if self._calm_since is None:
            self._calm_since = frame.seconds
        pause = self.pace.rest + self.challenge.pauses[self.cue.done]
        if frame.seconds - self._calm_since < pause:
            return
        if self.cue.done < len(self.challenge.steps):
            step = self.challenge.steps[self.cue.done]
            asked = Prompt(step=step, shown=frame.seconds)
            self.script = replace(self.script, prompts=(*self.script.prompts, asked))
            self._show(frame.seconds, Phase.STEP, step=step)
        elif self.light:
            self._next_colour(frame.seconds)
        else:
            self._show(frame.seconds, Phase.JUDGING)

    def _light(self, frame: FrameSeen) -> None:
        begun = len(self.script.colours)
        if begun > len(self.challenge.colours):
            if frame.seconds - self.script.colours[-1].seconds >= self.pace.light_lag:
                self._show(frame.seconds, Phase.JUDGING)
        elif frame.seconds - self.script.colours[-1].seconds >= SHOWN:
            self._next_colour(frame.seconds)

    def _next_colour(self, now: float) -> None:
        """Show the next colour; after the last one, note when it was over, and keep it."""
        begun, colours = len(self.script.colours), self.challenge.colours
        colour = colours[min(begun, len(colours) - 1)]
        self.script = replace(
            self.script, colours=(*self.script.colours, Shown(colour=colour, seconds=now))
        )
        self._show(now, Phase.LIGHT, colour=colour)


def seen_since(frames: Sequence[FrameSeen], begins: float) -> tuple[FrameSeen, ...]:
    """Give the frames of the check itself, from its calm start on."""
    return tuple(frame for frame in frames if frame.seconds >= begins)
