"""The lines of a WhatsApp chat: where a message begins, when it was sent, and by whom.

The text follows the phone's language and region, so forms are recognised, not words (Android and
iOS, seen 2018 to 2026). Owns the grammar; what a message says is `whatsapp`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from selfcheck.model import Moment, Precision

# Marks of direction, which phones put before and into a line, and blanks that do not break.
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[\u00a0\u202f]")
_HEAD = re.compile(
    r"""^\[?
    (?P<a>\d{1,4})[./-]\ ?(?P<b>\d{1,2})[./-]\ ?(?P<c>\d{1,4})\.?,?\ +(?:klo\ )?
    (?P<before>[^\W\d]{2})?\ ?
    (?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?
    (?:\ ?(?P<after>[^\W\d]\.?(?:\ ?[^\W\d]\.?)?))?
    (?:\]\ ?|\ [-–]\ |:\ )
    (?P<rest>.*)$""",
    re.VERBOSE,
)
_SENDER = re.compile(r"^(?P<name>[^:]{1,120}): ?(?P<text>.*)$")
# English and Spanish, Chinese, Japanese, Korean, Greek, Arabic, Turkish, Vietnamese, Hungarian.
_AFTERNOON = ("p", "午後", "下午", "오후", "μ", "م", "ös", "ch", "du")
_MORNING = ("a", "午前", "上午", "오전", "π", "ص", "öö", "sa", "de")
_LONGEST = 1 << 16  # characters of one message
_ORDERS = ("dmy", "mdy", "ymd")  # the most usual first
_FIRST_YEAR = 2009  # of WhatsApp
_MOST_SENDERS = 10_000
_HALF_DAY, _MONTHS, _DAYS = 12, 12, 31
# The day in the name of a file that WhatsApp named: the one date whose order is known.
_NAMED = re.compile(r"(?:IMG|VID)-(\d{4})(\d\d)(\d\d)-WA|-(?:PHOTO|VIDEO)-(\d{4})-(\d\d)-(\d\d)-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: the fields of its date as they stand, its clock, its sender, its lines.

    note: whether the phone seems to have written it. Such lines of iOS bear a group's own name.
    """

    date: tuple[str, str, str]
    clock: tuple[int, int, int | None] | None  # None: in a half of the day whose word is not known
    sender: str | None
    lines: list[str]
    note: bool = False


@dataclass(slots=True, kw_only=True)
class Chat:
    """What one reading of all lines tells: who wrote, and in which order dates are written."""

    senders: set[str] = field(default_factory=set)
    # How many dates can be in one order alone; and of how many files the name's day agrees.
    _only: Counter[str] = field(default_factory=Counter)
    _agree: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, found: Iterable[Message]) -> Chat:
        """Read a chat's messages once."""
        chat = cls()
        for message in found:
            chat._take(message)
        return chat

    @property
    def order(self) -> str:
        """Name the order: the names of files decide, then fields beyond 12, then the most usual.

        By their number, because people paste lines of other chats.
        """
        for votes in (self._agree, self._only):
            if votes:
                return max(_ORDERS, key=lambda order: votes[order])
        return _ORDERS[0]

    def _take(self, message: Message) -> None:
        if message.sender and not message.note and len(self.senders) < _MOST_SENDERS:
            self.senders.add(message.sender)
        first, second = message.date[:2]
        if len(first) == len("2020"):
            self._only["ymd"] += 1
        elif int(first) > _MONTHS or int(second) > _MONTHS:
            self._only["dmy" if int(first) > _MONTHS else "mdy"] += 1
        named = _NAMED.search(message.lines[0])
        if named:
            year, month, day = (int(named[i] or named[i + 3]) for i in (1, 2, 3))
            written = tuple(int(value) % 100 for value in message.date)
            known = {"d": day, "m": month, "y": year % 100}
            for order in _ORDERS:
                if written == tuple(known[field] for field in order):
                    self._agree[order] += 1


def messages(lines: Iterable[str]) -> Iterator[Message]:
    """Yield the messages of a chat; what follows a message's first line belongs to it."""
    current: Message | None = None
    room = 0
    for line in lines:
        plain = _BLANKS.sub(" ", _INVISIBLE.sub("", line))
        head = _HEAD.match(plain)
        if head and _possible(head):
            if current:
                yield current
            said = _SENDER.match(head["rest"])
            name = said["name"].removeprefix("~").strip() if said else ""
            room = _LONGEST
            current = Message(
                date=(head["a"], head["b"], head["c"]),
                clock=_clock(head),
                sender=name or None,
                lines=[said["text"] if said else head["rest"]],
                note=_is_note(line),
            )
        elif current and len(plain) < room:
            current.lines.append(plain)
            room -= len(plain) + 1
    if current:
        yield current


def moment(message: Message, order: str) -> Moment | None:
    """Give when a message was sent, by the phone's own clock; the day if that is unclear."""
    named = dict(zip(order, map(int, message.date), strict=True))
    year = named["y"] + (2000 if named["y"] < 100 else 0)  # noqa: PLR2004 -- two digits
    try:
        day = datetime(year, named["m"], named["d"])  # noqa: DTZ001 -- the zone is not told
    except ValueError:
        return None
    if year < _FIRST_YEAR:
        return None
    if message.clock is None:
        return Moment(when=day, precision=Precision.DAY)
    hour, minute, second = message.clock
    when = day.replace(hour=hour, minute=minute, second=second or 0)
    return Moment(when=when, precision=Precision.MINUTE if second is None else Precision.SECOND)


def _is_note(line: str) -> bool:
    """Say whether the phone wrote a line: a mark begins it, as it does what names a file."""
    _, mark, rest = line.rpartition(": \u200e")
    return bool(mark) and "<" not in rest


def _possible(head: re.Match[str]) -> bool:
    """Say whether a line that looks like a head has a time of day."""
    clock = (int(head[part] or 0) for part in ("hour", "minute", "second"))
    return all(value < most for value, most in zip(clock, (24, 60, 60), strict=True))


def _clock(head: re.Match[str]) -> tuple[int, int, int | None] | None:
    """Give hour, minute and second of the day."""
    hour, minute = int(head["hour"]), int(head["minute"])
    second = int(head["second"]) if head["second"] else None
    half = (head["before"] or head["after"] or "").casefold()
    if half.startswith(_AFTERNOON) and hour < _HALF_DAY:
        hour += _HALF_DAY
    elif half.startswith(_MORNING) and hour == _HALF_DAY:
        hour = 0
    elif half and not half.startswith((*_AFTERNOON, *_MORNING)) and hour <= _HALF_DAY:
        return None
    return hour, minute, second
