"""What a letter is filled with: one picture in one place, who is asked, and who asks.

Made from an exposure. Of what the file gives away a case keeps the kinds and never the
values: a letter that repeats a position or a serial number would spread it further.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from selfcheck.model import Author, Context, Exposure, Leak, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asks. What is empty stands in the letter as a place to be filled in."""

    name: str = ""
    contact: str = ""


NOBODY_YET = Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One picture that should go, and who is asked for it on which day.

    `addresses` are those of the picture and of the post or page that shows it; `derived`
    where they were put together and may not open. `everything` asks about all pictures of
    the person and names none.
    """

    recipient: str
    platform: str
    written: date
    person: Person = NOBODY_YET
    addresses: tuple[str, ...] = ()
    derived: bool = False
    posted: Moment | None = None
    caption: str = ""
    album: str = ""
    gives_away: tuple[Leak, ...] = ()
    everything: bool = False

    def without_the_picture(self) -> Case:
        """Give the case for those who should not learn where the picture stands."""
        return replace(
            self,
            platform="",
            addresses=(),
            derived=False,
            posted=None,
            caption="",
            album="",
            gives_away=(),
            everything=True,
        )


def poster(context: Context | None) -> str:
    """Name whoever else posted a picture; empty where that is not known, or nobody else did."""
    if context is None or context.author is not Author.OTHER:
        return ""
    return context.author_name or ""


def case_of(
    exposure: Exposure,
    context: Context,
    *,
    written: date,
    person: Person = NOBODY_YET,
    recipient: str = "",
) -> Case:
    """Fill a case from an exposure and one context in which it stands.

    Without a recipient, whoever posted the picture is asked, by name where the export tells it.
    """
    leaks = {finding.leak for finding in exposure.match.findings}
    return Case(
        recipient=recipient or poster(context),
        platform=context.platform,
        written=written,
        person=person,
        addresses=(context.permalink,) if context.permalink else (),
        derived=context.permalink_derived,
        posted=context.time,
        caption=context.caption or "",
        album=context.album or "",
        gives_away=tuple(leak for leak in Leak if leak in leaks),
    )
