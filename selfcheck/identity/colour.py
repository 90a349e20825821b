"""The colours that the screen of a live check shows, in an order that nobody can know beforehand.

Owns which colours and for how long. Whether a face answered them is `light`.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

# Eight of them, each shown longer than a camera takes to show it. Two changes a second make one
# flash: a third of what is held to be safe for people who are sensitive to it (WCAG 2.2, 2.3.1).
COLOURS: Final = 8
SHOWN: Final = 0.6  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A colour that fills the screen: red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def css(self) -> str:
        """Name it as a style sheet does."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def light(self) -> tuple[float, float, float]:
        """Give the light it sends out, 0 to 1 a channel (sRGB, with its exponent taken as 2.2)."""
        red, green, blue = ((value / 255) ** 2.2 for value in (self.red, self.green, self.blue))
        return red, green, blue


# As far apart as a screen can make them; red is softened, as a saturated one is the riskiest.
PALETTE: Final = (
    Colour(red=255, green=70, blue=60),
    Colour(red=50, green=235, blue=50),
    Colour(red=60, green=70, blue=255),
    Colour(red=255, green=255, blue=255),
    Colour(red=20, green=20, blue=20),
)


def draw_colours(random: Random) -> tuple[Colour, ...]:
    """Draw the order: each is one of the four that are not the one before, 81,920 orders."""
    drawn = [random.choice(PALETTE)]
    while len(drawn) < COLOURS:
        drawn.append(random.choice([one for one in PALETTE if one != drawn[-1]]))
    return tuple(drawn)
