"""The values of a report in plain words: audiences, times, places, counts.

Only our own words are made here; text from archives passes through and is made safe by
the report that prints it.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from selfcheck.model import (
    Accounting,
    Audience,
    Author,
    Context,
    Expectation,
    Finding,
    Grade,
    Match,
    Moment,
    Place,
    Precision,
)

# Not strftime: its month names change with the locale, and equal values give equal bytes.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_AUDIENCES = {
    Audience.PUBLIC: "anybody",
    Audience.UNLISTED: "anybody with the link",
    Audience.FOLLOWERS: "followers",
    Audience.FRIENDS: "friends",
    Audience.GROUP: "a group",
    Audience.DIRECT: "a chat",
    Audience.PRIVATE: "only you",
    Audience.UNKNOWN: "not recorded",
}

_AUTHORS = {
    Author.OWNER: "you",
    Author.OTHER: "somebody else",
    Author.UNKNOWN: "not recorded",
}

# What each part of the sum of all files means.
FATES = {
    "checked": "opened and looked at",
    "duplicate": "the same bytes as another file",
    "ignored": "left alone by a rule",
    "skipped": "should be readable, were not",
    "pending": "still to do",
}

# What became of a request, to stand after a number of them.
OUTCOMES = {
    "ok": "answered",
    "not modified": "unchanged since it was asked before",
    "gone": "not there",
    "http error": "answered with an error",
    "login wall": "shown only to people who are logged in",
    "bot check": "asked whether a person is there",
    "consent page": "asked about cookies first",
    "not an image": "neither picture nor page",
    "redirected": "sent on to another address",
    "deferred": "to be asked another time",
    "blocked address": "stopped: in a private network or on this computer",
    "blocked scheme": "stopped: neither http nor https",
    "bad address": "stopped: no proper address",
    "redirected from https to http": "stopped: would have gone unencrypted",
    "redirect loop": "sent on in a circle",
    "too many redirects": "sent on too often",
    "name not found": "no host of that name",
    "unreachable": "no connection",
    "tls failed": "no safe connection",
    "deadline": "took too long",
    "too slow": "too slow",
    "too large": "too large",
    "headers too large": "answered at too great a length",
    "bomb": "built to fill the memory",
    "unasked encoding": "packed in a way that was not asked for",
    "cut short": "broke off",
    "malformed": "answered in no proper form",
}

# Below this the figure says nothing that "practically none" does not.
_PRACTICALLY_NONE = 0.005
# From here on "one in about N scans" would say "one in about one".
_ABOUT_ONE = 0.67


_KB = 1000


def number(value: int) -> str:
    """Write a count with commas between the thousands."""
    return f"{value:,}"


def count(value: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun in the right form, `many` being `one` + "s" by default."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def listing(parts: tuple[str, ...]) -> str:
    """Join words as a sentence does: a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def some(parts: tuple[str, ...], most: int = 3) -> str:
    """Join the first few words as a sentence does, and say how many more there are."""
    more = len(parts) - most
    return listing((*parts[:most], f"{number(more)} more")) if more > 0 else listing(parts)


def platform(name: str) -> str:
    """Turn a platform's identifier into its title: `google_photos` is Google Photos."""
    words = name.replace("_", " ").split()
    return " ".join(word[:1].upper() + word[1:] for word in words) or "Unknown"


def audience(value: Audience) -> str:
    """Name an audience as a person would."""
    return _AUDIENCES[value]


def author(value: Author) -> str:
    """Name who posted a picture, seen from its owner."""
    return _AUTHORS[value]


def posted_by(context: Context) -> str:
    """Say who posted a picture, by name where the export gives one."""
    if context.author is Author.OWNER:
        return author(Author.OWNER)
    return context.author_name or author(context.author)


def seen_by(value: Audience) -> str:
    """Say who could see a picture, or that nobody wrote it down."""
    match value:
        case Audience.UNKNOWN:
            return "audience not recorded"
        case Audience.GROUP | Audience.DIRECT:
            return f"seen in {audience(value)}"
        case Audience.PRIVATE:
            return "seen only by you"
        case _:
            return f"seen by {audience(value)}"


def day(when: datetime) -> str:
    """Write a date with its month as a word."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(value: Moment) -> str:
    """Write a time as exactly as it is known, with its zone where that is known."""
    when = value.when
    if value.precision is Precision.YEAR:
        return f"{when.year}"
    if value.precision is Precision.DAY:
        return day(when)
    zone = when.strftime("%z")
    offset = f" UTC{zone[:3]}:{zone[3:5]}" if zone else ""
    return f"{day(when)}, {when:%H:%M}{offset.replace(' UTC+00:00', ' UTC')}"


def iso(value: Moment) -> str:
    """Write a time in ISO 8601, cut off where it stops being known."""
    match value.precision:
        case Precision.SECOND:
            return value.when.isoformat(timespec="seconds")
        case Precision.MINUTE:
            return value.when.isoformat(timespec="minutes")
        case Precision.DAY:
            return value.when.date().isoformat()
        case Precision.YEAR:
            return f"{value.when.year:04}"
        case _ as never:
            assert_never(never)


def place(value: Place) -> str:
    """Write a place: its name, its position in degrees, or both."""
    position = ""
    if value.latitude is not None and value.longitude is not None:
        position = f"{value.latitude:.5f}, {value.longitude:.5f}"
    return " · ".join(word for word in (value.name, position) if word)


def finding(value: Finding) -> str:
    """Write what a picture's metadata gives away and the value it holds."""
    return f"{value.leak.value}: {value.value}"


def size(match: Match) -> str:
    """Write how large a picture is, and how near to the owner's references."""
    pixels = f"{number(match.picture_width)} x {number(match.picture_height)} pixels"
    return f"{pixels} · {match.band.value}, distance {match.distance:.4f}"


def grade(value: Grade) -> str:
    """Say how useful a picture is to a face-search engine, and why."""
    because = f": {listing(value.reasons)}" if value.reasons else ""
    return f"{value.usefulness.value} to a face-search engine{because}"


def second(value: float) -> str:
    """Write a place in a film as people do: 0:42, 1:02:03."""
    minutes, seconds = divmod(int(value), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{seconds:02}" if hours else f"{minute}:{seconds:02}"


def company(faces: int) -> str:
    """Say how many people a picture shows besides its owner."""
    return "no other face" if faces <= 1 else count(faces - 1, "other face")


# Numbers in names tell it, and nothing else: the last parts of an export may be absent too.
ABSENT_PART = "a part that the names of the others tell of, and that was in no scan"


def seen_there(context: Context) -> str:
    """Say when a host gave a picture and of when it is by its account; empty where unknown."""
    seen = f"seen there on {day(context.answered)}" if context.answered else ""
    account = "by its host's own account"
    dated = f"the file is of {day(context.modified)}, {account}" if context.modified else ""
    return "; ".join(word for word in (seen, dated) if word)


def volume(size: int) -> str:
    """Write a number of bytes, in units of a thousand."""
    if size < _KB:
        return count(size, "byte")
    kilo, mega = size / _KB, size / _KB**2
    return f"{kilo:.1f} kB" if round(kilo, 1) < _KB else f"{mega:,.1f} MB"


def outcomes(value: tuple[tuple[str, int], ...]) -> str:
    """Say what became of the requests to a host."""
    return ", ".join(f"{number(amount)} {OUTCOMES.get(name, name)}" for name, amount in value)


def addresses(amount: int) -> str:
    """Say how many pictures an export names without holding them."""
    stand = "stands" if amount == 1 else "stand"
    return f"{count(amount, 'picture')} {stand} only in the web; no archive scan fetches them"


def sum_line(files: Accounting) -> str:
    """Write what became of every file as the sum it is."""
    return (
        f"found {number(files.found)} = checked {number(files.checked)}"
        f" + duplicate {number(files.duplicate)} + ignored {number(files.ignored)}"
        f" + skipped {number(files.skipped)} + pending {number(files.pending)}"
    )


def expected(figure: float) -> str:
    """Write an expected number of false alarms so that a person can use it."""
    if figure < _PRACTICALLY_NONE:
        return "practically none"
    if figure < _ABOUT_ONE:
        return f"one in about {number(round(1 / figure))} scans of this size ({figure:.2f})"
    return f"about {number(max(1, round(figure)))} ({figure:.1f})"


# docs/accuracy.md: the tenth of the owners with the most false alarms, at one limit for all.
_SPREAD = (
    "These are averages: one person in ten meets five to eight times as many, "
    "and close relatives were not measured."
)


def false_alarms(value: Expectation) -> tuple[str, ...]:
    """Say how many strangers to expect among the matches of a scan of this size."""
    if value.faces_compared == 0:
        return ("No face was compared yet, so no false alarm is to be expected.",)
    references = count(value.references, "reference photo")
    return (
        f"{count(value.faces_compared, 'face')} compared with the mean of {references}.",
        f"Strangers taken for “you”: {expected(value.you)}.",
        f"Strangers taken for “maybe”: {expected(value.maybe)}.",
        _SPREAD,
    )
