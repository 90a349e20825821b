"""Times that cameras and programs write into file names.

Owns the patterns; a name without a known one tells nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from selfcheck.model import Moment, Precision

_DAY = r"(?<!\d)(?P<year>(?:19|20)\d\d)-?(?P<month>[01]\d)-?(?P<day>[0-3]\d)"
_CLOCK = r"(?P<hour>[0-2]\d)[-.:h]?(?P<minute>[0-5]\d)[-.:m]?(?P<second>[0-5]\d)"
_BETWEEN = r"(?:_|-| |T| at |_at_)"

# Google's camera writes UTC (`PXL_20230615_143022123.jpg`); all others the phone's own clock.
_PATTERNS: tuple[tuple[re.Pattern[str], tzinfo | None, Precision], ...] = (
    (re.compile(rf"^pxl_{_DAY}_{_CLOCK}"), UTC, Precision.SECOND),
    (re.compile(rf"{_DAY}{_BETWEEN}{_CLOCK}"), None, Precision.SECOND),
    (re.compile(rf"^(?:img|vid|ptt|stk)-{_DAY}-wa\d+"), None, Precision.DAY),
    (
        re.compile(rf"^(?:img|whatsapp image|screenshot|signal|photo)[-_ ]{_DAY}"),
        None,
        Precision.DAY,
    ),
)


def time_in(path: str) -> Moment | None:
    """Read the time in a file's name; naive where the name does not tell the zone."""
    name = path.rpartition("/")[2].casefold()
    for pattern, zone, precision in _PATTERNS:
        found = pattern.search(name)
        when = found and _when(found, zone)
        if when:
            return Moment(when=when, precision=precision)
    return None


def _when(found: re.Match[str], zone: tzinfo | None) -> datetime | None:
    values = {key: int(value) for key, value in found.groupdict().items()}
    try:
        return datetime(
            values["year"],
            values["month"],
            values["day"],
            values.get("hour", 0),
            values.get("minute", 0),
            values.get("second", 0),
            tzinfo=zone,
        )
    except ValueError:
        return None
