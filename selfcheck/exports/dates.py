"""Dates written out for people in their own language, as the HTML of exports has them.

Reads a date only as exactly as it is sure: of a month by an unknown name, or of numbers that may
be day or month, the year alone. Hardly any such text tells its zone, so most times have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from selfcheck.model import Moment, Precision

_LONGEST = 80  # characters; longer texts are not a date
_YEAR_DIGITS = 4
_NOON = 12
_UNSURE = 0

# How the months' names begin, a line for each month. `lis`, `lip` and `srp` are left out:
# Polish, Czech and Croatian mean different months by them.
_NAMES = """
jan ene gen ian oca sty led tam янв січ яну ιαν ינו يناير ม.ค มกรา जन
feb fev lut şub hel úno фев лют φεβ פבר فبراير ก.พ กุมภา फ़र
mar maa mrt bře мар бер μαρ מרץ مارس มี.ค มีนา मार्च
apr abr avr ápr nis kwi dub huh апр кві απρ אפר أبريل เม.ย เมษา अप्रैल
may mai maj mei mag máj kvě tou май мая тра μαι מאי مايو พ.ค พฤษภา मई
jun juin giu iun haz cze kes июн юни чер ιουν יונ يونيو มิ.ย มิถุนา जून
jul juil lug iul tem hei июл юли лип ιουλ יול يوليو ก.ค กรกฎา जुल
aug ago aoû agu sie elo авг сер αυγ אוג أغسطس ส.ค สิงหา अग
sep set szept eyl wrz zář syy сен вер сеп σεπ ספט سبتمبر ก.ย กันยา सित
oct okt out ott eki paź říj lok окт жов οκτ אוק أكتوبر ต.ค ตุลา अक्टू
nov noi kas marras ноя лис ное νοε נוב نوفمبر พ.ย พฤศจิ नव
dec dez des dic déc dek ara gru pro jou дек гру δεκ דצמ ديسمبر ธ.ค ธันวา दिस
"""

_NUMBERED = re.compile(r"\bthang (\d{1,2})\b|(?<!\d)(\d{1,2}) ?(?:月|월)")  # vi; zh, ja, ko
_DIGITS = re.compile(r"^\W*(\d{1,4}) ?([./-]) ?(\d{1,2}) ?\2 ?(\d{1,4})(?!\d)")
_ZONE = re.compile(r"\b(?:utc|gmt)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?\W*$")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?!\d)(\D*)$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)([0-3]?\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_][^\s\d,]*")
_AFTERNOON = re.compile(r"^p\b|^ch\b|^chieu|^م|^μ|오후|下午|午後|晚上")
_MORNING = re.compile(r"^a\b|^sa\b|^sang|^ص|^π|오전|上午|午前|凌晨|早上")
_MERIDIEM = re.compile(r"\b([ap])\.? ?m\b")
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
# What stands between day and clock and says nothing of the half: "at", "um", "a las", "klo".
_BEFORE = frozenset(
    (*("at", "um", "a", "las", "om", "klo", "kl", "v", "o", "ore", "alle", "t", "de"),
     *("г", "в", "у", "日", "일"))
)  # fmt: skip
_NEUTRAL = re.compile(r"^(?:uhr|h|г)?\W*$")


def in_year(year: int) -> Moment:
    """Give a time of which a folder's name tells the year alone."""
    return Moment(when=datetime(year, 1, 1, tzinfo=UTC), precision=Precision.YEAR)


def written(text: str | None) -> Moment | None:
    """Read a date with or without a time of day; None where no year is written."""
    plain = _plain((text or "").strip())
    if len(plain) > _LONGEST:
        return None
    zone = _ZONE.search(plain)
    plain = plain[: zone.start()].rstrip() if zone else plain
    clock = _CLOCK.search(plain)
    day = plain[: clock.start()] if clock else plain
    year = _YEAR.search(day)
    if not year:
        return None
    month, of_month = _numbers(day) or _named(day, year) or (_UNSURE, _UNSURE)
    return _moment((int(year[1]), month, of_month), clock, plain, _offset(zone))


def _moment(
    date: tuple[int, int, int], clock: re.Match[str] | None, plain: str, zone: tzinfo | None
) -> Moment | None:
    try:
        day = datetime(*date, tzinfo=zone)
    except ValueError:
        return Moment(when=datetime(date[0], 1, 1, tzinfo=zone), precision=Precision.YEAR)
    hour = _hour(clock, plain) if clock else None
    if clock is None or hour is None:
        return Moment(when=day, precision=Precision.DAY)
    try:
        when = day.replace(hour=hour, minute=int(clock[2]), second=int(clock[3] or 0))
    except ValueError:
        return Moment(when=day, precision=Precision.DAY)
    return Moment(when=when, precision=Precision.SECOND if clock[3] else Precision.MINUTE)


def _numbers(day: str) -> tuple[int, int] | None:
    """Give month and day of `2019-03-01`, `1.3.2019` and what slashes tell for sure."""
    found = _DIGITS.search(day)
    if not found:
        return None
    first, second, third = found[1], int(found[3]), found[4]
    if len(first) == _YEAR_DIGITS:
        return second, int(third)
    if found[2] == "." or int(first) > _NOON:
        return second, int(first)
    # `3/14/2019` is American; `3/1/2019` may be either.
    return (int(first), second) if second > _NOON else (_UNSURE, _UNSURE)


def _named(day: str, year: re.Match[str]) -> tuple[int, int] | None:
    """Give month and day of `Oct 19, 2025`, `19 oct. 2025`, `Tháng 10 19, 2025`."""
    rest = day[: year.start()] + " " + day[year.end() :]
    numbered = _NUMBERED.search(rest)
    if numbered:
        month = int(numbered[1] or numbered[2])
        rest = rest[: numbered.start()] + " " + rest[numbered.end() :]
    else:
        # Days of the week begin like months too: `martes`, `maandag`.
        found = set(_months(rest))
        month = found.pop() if len(found) == 1 else _UNSURE
    days = _DAY.findall(rest)
    return (month, int(days[0])) if len(days) == 1 else None


def _months(text: str) -> Iterator[int]:
    for word in _WORD.findall(text):
        found = next((month for start, month in _STARTS if word.startswith(start)), None)
        if found:
            yield found


def _hour(clock: re.Match[str], plain: str) -> int | None:
    """Give the hour of the day; None if a word that is not known may say morning or evening."""
    hour, after = int(clock[1]), clock[4].strip(" .,)")
    if hour > _NOON:
        return hour
    letters = _MERIDIEM.search(clock[4])
    before = plain[: clock.start()].rstrip()[-2:]  # 下午10:13
    said = letters[1] if letters else after or before
    word = _LAST_WORD.search(plain[: clock.start()])
    if _AFTERNOON.search(said):
        return hour % _NOON + _NOON
    if _MORNING.search(said):
        return hour % _NOON
    # Of a word that is not known, nobody knows whether it says evening.
    unknown = word and word[1] not in _BEFORE and not any(_months(word[1]))
    return hour if _NEUTRAL.search(after) and not unknown else None


def _offset(zone: re.Match[str] | None) -> tzinfo | None:
    if not zone:
        return None
    minutes = int(zone[2] or 0) * 60 + int(zone[3] or 0)
    if not minutes or minutes >= 24 * 60:
        return UTC
    return timezone(timedelta(minutes=-minutes if zone[1] == "-" else minutes))


def _plain(text: str) -> str:
    """Give a text without case and without the marks on Latin, Greek and Cyrillic letters."""
    split = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in split if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", kept)


_STARTS: tuple[tuple[str, int], ...] = tuple(
    sorted(
        ((_plain(n), m) for m, line in enumerate(_NAMES.split("\n")) for n in line.split()),
        key=lambda known: -len(known[0]),
    )
)
