"""The tables of accuracy: their rows, how they are printed, and where they are written.

Owns docs/accuracy.md between its markers, and selfcheck/identity/measured.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.crowds import Crowd
from bench.pairs import Told
from bench.people import ROOT
from bench.trials import FMRS, Floats

WIDE: Final = 3.0
DOCS: Final = ROOT / "docs" / "accuracy.md"
MEASURED: Final = ROOT / "selfcheck" / "identity" / "measured.py"
_BEGIN, _END = "<!-- measured -->", "<!-- end -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, column: Floats) -> Interval:
        """Take the figure from the first row, the interval from the replicates after it."""
        low, high = np.quantile(column[1:], [0.025, 0.975])
        return cls(value=float(column[0]), low=float(low), high=float(high))

    @property
    def wide(self) -> bool:
        """Say whether the interval is wider than a factor of 3; a nought makes it so."""
        return self.high > WIDE * self.low

    def __str__(self) -> str:
        mark = "~" if self.wide else ""
        return f"{mark}{_figure(self.value)} [{_figure(self.low)}, {_figure(self.high)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of references on some people: limits and accepted share at each FMR."""

    references: int
    people: str
    owners: int
    limits: tuple[Interval, ...]
    missed: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """What the limits in use do on some people: `you`, then `maybe` or better."""

    references: int
    people: str
    limits: tuple[float, float]
    fmr: tuple[Interval, ...]
    found: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Strangers' faces compared with some owners, and those taken for the owner."""

    references: int
    owners: int
    strangers: int
    compared: int
    you: int
    maybe: int
    worst_you: int  # of one owner


def _figure(value: float) -> str:
    return f"{value:.3f}" if value >= 0.01 or value == 0 else f"{value:.1e}"


def _share(missed: Interval) -> str:
    """Write the accepted share; it is uncertain where the missed share is."""
    mark = "~" if missed.wide else ""
    return f"{mark}{1 - missed.value:.3f} [{1 - missed.high:.3f}, {1 - missed.low:.3f}]"


def _limit(limit: Interval) -> str:
    return f"{limit.value:.3f} [{limit.low:.3f}, {limit.high:.3f}]"


def markdown(
    table: Sequence[Row], judged: Sequence[InUse], counted: Sequence[Alarms], pairs: Sequence[Told]
) -> str:
    """Write the tables as Markdown, as they stand in docs/accuracy.md."""
    names = [f"FMR {fmr:.0e}".replace("e-0", "e-") for fmr in FMRS]
    lines = [
        "| references | people | owners | " + " | ".join(names) + " | limits at those |",
        "|---|---|---|" + "---|" * (len(FMRS) + 1),
    ]
    for row in table:
        shares = " | ".join(map(_share, row.missed))
        limits = "; ".join(map(_limit, row.limits))
        lines.append(f"| {row.references} | {row.people} | {row.owners} | {shares} | {limits} |")
    lines += [
        "",
        "| references | limits | people | FMR of `you` | of both | found at `you` | at both |",
        "|---|---|---|---|---|---|---|",
    ]
    for use in judged:
        fmr, found = " | ".join(map(str, use.fmr)), " | ".join(map(str, use.found))
        you, maybe = use.limits
        lines.append(
            f"| {use.references} | {you:.3f}, {maybe:.3f} | {use.people} | {fmr} | {found} |"
        )
    lines += [
        "",
        "| references | owners | strangers | compared | false `you` | `maybe` | worst owner |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.references} | {one.owners} | {one.strangers} | {one.compared:,} | {one.you}"
        f" | {one.maybe} | {one.worst_you} |"
        for one in counted
    ]
    lines += ["", "| encoding | pairs | told right | limit |", "|---|---|---|---|"]
    for name, one in zip(("face alone", "mean with its mirror image"), pairs, strict=True):
        kind = "official" if one.official else "drawn here, not the official list"
        lines.append(
            f"| {name} | {one.present} of {one.listed}, {kind} |"
            f" {one.right:.4f} +- {one.error:.4f} | {one.limit} |"
        )
    return "\n".join(lines) + "\n"


def write_docs(tables: str, day: str, command: str) -> None:
    """Put the tables into docs/accuracy.md, between its markers."""
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    dated = f"Measured on {day} with `{command}`.\n\n"
    DOCS.write_text(f"{before}{_BEGIN}\n{dated}{tables}{_END}{after}", encoding="utf-8")


def write_constants(
    limits: Mapping[int, tuple[float, float]], crowd: Crowd, day: str, data: str
) -> None:
    """Write the limits and the weights where `identity` reads them."""
    pairs = "".join(f"    {count}: ({you}, {maybe}),\n" for count, (you, maybe) in limits.items())
    weights = "".join(f"    {weight:.5f},\n" for weight in crowd.weights)
    MEASURED.write_text(
        _MODULE.format(
            day=day, data=data, pairs=pairs, weights=weights, offset=f"{crowd.offset:.5f}"
        ),
        encoding="utf-8",
    )


_MODULE = '''"""Figures that `python -m bench.accuracy --write` measured; not to be edited by hand.

Owns nothing else. What they mean and how they were chosen: `thresholds`, `crowding` and
docs/accuracy.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DATE: Final = "{day}"
DATA: Final = "{data}"

# References: the largest distance that is still `you`, and the largest that is still `maybe`.
LIMITS: Final[Mapping[int, tuple[float, float]]] = {{
{pairs}}}

# How much farther than usual strangers are from a template: weights of its 128 numbers.
CROWDING_OFFSET: Final = {offset}
CROWDING: Final = (
{weights})
'''
