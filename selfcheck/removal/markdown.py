"""Untrusted text made harmless within Markdown: it reads as it stands, and starts nothing.

HTML is escaped by the template engine; control and bidi characters are `privacy.text`'s.
"""

from __future__ import annotations

import re

from selfcheck.privacy.text import address, safe

# What has a meaning in CommonMark, in its usual extensions (tables, strikes, links without
# brackets) or in the template languages of site generators. And no more: letters are pasted into
# mails, where each mark stays. So `_` only where it is not within a word, `&` only before what
# may be an entity, and `:` only where a link might begin.
_ACTIVE = re.compile(r"([\\`*{}\[\]<>|~]|&(?=#?\w+;)|:(?=//)|(?<![^\W_])_|_(?![^\W_]))")
# Only at the start of a line: lists, headings, headings underlined.
_STARTS = re.compile(r"^([-+=#]|\d{1,9}(?=[.)]))")
_BARE_LINK = re.compile(r"(www)\.", re.IGNORECASE)


def escaped(text: str, limit: int = 300) -> str:
    """Write untrusted text as Markdown that shows it as it stands, on one line, cut at `limit`."""
    marked = _ACTIVE.sub(r"\\\1", safe(text, limit).strip())
    return _BARE_LINK.sub(r"\1\\.", _STARTS.sub(_not_a_list, marked))


def linked(url: str) -> str:
    """Write a plain web address in angle brackets, and anything else as text."""
    plain = address(url)
    return f"<{plain}>" if plain else escaped(url)


def _not_a_list(start: re.Match[str]) -> str:
    """Keep a number from counting and a sign from listing; a number is marked at its dot."""
    sign = start.group(1)
    return f"\\{sign}" if not sign.isdigit() else f"{sign}\\"
