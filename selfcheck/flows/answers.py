"""What an answer from the web means for the file it was asked for.

Owns the table from outcomes to verdicts, and what to do about those that a person can help.
"""

from __future__ import annotations

from typing import Final

from selfcheck.model import Reason, Skipped
from selfcheck.sources.web import Fetched, Outcome

_SAVE: Final = "open it in your browser, save the page, and scan what was saved"
_HELP: Final = {
    Reason.LOGIN_WALL: _SAVE,
    Reason.BOT_CHECK: _SAVE,
    Reason.CONSENT_PAGE: _SAVE,
}
# What is left out here is no trouble (OK, NOT_MODIFIED, REDIRECTED) or none yet (DEFERRED).
_REASONS: Final = {
    Outcome.GONE: Reason.GONE,
    Outcome.HTTP_ERROR: Reason.NO_ANSWER,
    Outcome.LOGIN_WALL: Reason.LOGIN_WALL,
    Outcome.BOT_CHECK: Reason.BOT_CHECK,
    Outcome.CONSENT_PAGE: Reason.CONSENT_PAGE,
    Outcome.NOT_AN_IMAGE: Reason.NOT_A_PICTURE,
    Outcome.BLOCKED_ADDRESS: Reason.NO_WEB_ADDRESS,
    Outcome.BLOCKED_SCHEME: Reason.NO_WEB_ADDRESS,
    Outcome.BAD_ADDRESS: Reason.NO_WEB_ADDRESS,
    Outcome.DOWNGRADED: Reason.NO_WEB_ADDRESS,
    Outcome.REDIRECT_LOOP: Reason.NO_ANSWER,
    Outcome.TOO_MANY_REDIRECTS: Reason.NO_ANSWER,
    Outcome.DNS_FAILED: Reason.NO_ANSWER,
    Outcome.UNREACHABLE: Reason.NO_ANSWER,
    Outcome.TLS_FAILED: Reason.NO_ANSWER,
    Outcome.DEADLINE: Reason.TIMED_OUT,
    Outcome.TOO_SLOW: Reason.TIMED_OUT,
    Outcome.TOO_LARGE: Reason.TOO_LARGE,
    Outcome.HEADERS_TOO_LARGE: Reason.TOO_LARGE,
    Outcome.BOMB: Reason.HOSTILE,
    Outcome.UNASKED_ENCODING: Reason.DAMAGED,
    Outcome.MALFORMED: Reason.DAMAGED,
    Outcome.CUT_SHORT: Reason.TRUNCATED,
}
# Where one size of a picture is not to be had, another may be.
_TRY_OTHERS: Final = frozenset(
    {
        Outcome.GONE,
        Outcome.HTTP_ERROR,
        Outcome.NOT_AN_IMAGE,
        Outcome.LOGIN_WALL,
        Outcome.TOO_LARGE,
        Outcome.BAD_ADDRESS,
        Outcome.BLOCKED_ADDRESS,
    }
)


def trouble(fetched: Fetched) -> Skipped | None:
    """Say why an address gave nothing to look at; None where it did, or has to be asked later."""
    reason = _REASONS.get(fetched.outcome)
    if reason is None:
        return None
    help_ = _HELP.get(reason, "")
    detail = ": ".join(part for part in (fetched.detail, help_) if part)
    return Skipped(item=str(fetched.address), reason=reason, detail=detail)


def others_may_help(fetched: Fetched) -> bool:
    """Say whether another address of the same picture is worth a try."""
    return fetched.outcome in _TRY_OTHERS
