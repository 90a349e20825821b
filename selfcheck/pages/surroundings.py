"""What stands around an image and says what it shows: the figure and the link that it is in."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfcheck.pages.gathering import Sighting

_MOST = 500  # characters
_DEEPEST = 32  # figures within figures


@dataclass(slots=True)
class Words:
    """A text that is kept up to a length."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        """Take a piece of it."""
        if self.length < _MOST * 2 and (text := " ".join(text[: _MOST * 4].split())):
            self.pieces.append(text)
            self.length += len(text) + 1

    def __str__(self) -> str:
        return " ".join(self.pieces)[:_MOST]


@dataclass(slots=True)
class Link:
    """An `a` that leads to an image, until it ends."""

    sighting: Sighting
    words: Words = field(default_factory=Words)
    holds_image: bool = False


@dataclass(slots=True)
class _Figure:
    sightings: list[Sighting] = field(default_factory=list)
    caption: Words = field(default_factory=Words)
    words: Words = field(default_factory=Words)
    in_caption: bool = False


class Figures:
    """The figures that are open, within one another."""

    def __init__(self) -> None:
        self._open: list[_Figure] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def start(self) -> None:
        """Open one; what is nested too deep belongs to the one around it."""
        if len(self._open) < _DEEPEST:
            self._open.append(_Figure())

    def end(self) -> None:
        """Give a figure's images its words; those without any wait for the figure around it."""
        if not self._open:
            return
        figure = self._open.pop()
        caption = str(figure.caption)
        words = caption or str(figure.words)
        if not words and self._open:
            self._open[-1].sightings += figure.sightings
            return
        for sighting in figure.sightings:
            if sighting.group is not None:
                if caption:  # says more than a title that somebody points at
                    sighting.group.caption = ""
                sighting.group.say(caption=words)

    def caption(self, *, starts: bool) -> None:
        """Begin or end the innermost one's caption."""
        if self._open:
            self._open[-1].in_caption = starts

    def text(self, text: str) -> None:
        """Take a text that stands in them."""
        if self._open:
            figure = self._open[-1]
            (figure.caption if figure.in_caption else figure.words).add(text)

    def image(self, sighting: Sighting) -> None:
        """Take an image that stands in them."""
        if self._open and sighting.group is not None:
            self._open[-1].sightings.append(sighting)
