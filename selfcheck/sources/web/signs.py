"""The signs by which a login wall, a bot check or a consent page is told from a page.

Owns the table. A sign too many hides a page that was there, so each one is narrow: a header
that its maker documents, an address that serves nothing else, or a mark within a small page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selfcheck.sources.web.addresses import Address
from selfcheck.sources.web.limits import KIB
from selfcheck.sources.web.outcomes import Kind, Outcome

# A bot check is a page of some kilobytes. Its makers' names stand in large pages too, in the
# scripts of the very sites that they guard (seen 2026-08 with DDoS-Guard).
_SMALL = 64 * KIB
_START = 256 * KIB
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|wp-login\.php|account/login|accounts/login)(?:[/.?]|$)", re.IGNORECASE
)
_PASSWORD = re.compile(rb"<input\b[^<>]{0,400}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What there is to see of an answer. Header names are lower case."""

    address: Address
    status: int
    headers: Mapping[str, str]
    kind: Kind
    body: bytes
    redirected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What gives one kind of answer away: all that is set must be there.

    `place` is searched in host and path. `marks` are lower case and must all stand in a
    small page.
    """

    outcome: Outcome
    of: str
    source: str
    statuses: frozenset[int] | None = None
    header: tuple[str, frozenset[str]] | None = None
    place: re.Pattern[str] | None = None
    marks: tuple[bytes, ...] = ()

    def fits(self, answer: Answer) -> bool:
        """Say whether the answer bears this sign."""
        if self.statuses is not None and answer.status not in self.statuses:
            return False
        if self.header is not None:
            name, values = self.header
            if answer.headers.get(name, "").strip().lower() not in values:
                return False
        if self.place is not None:
            place = answer.address.host + answer.address.target.partition("?")[0]
            if not self.place.search(place):
                return False
        return not self.marks or _marked(answer, self.marks)


def _marked(answer: Answer, marks: tuple[bytes, ...]) -> bool:
    if answer.kind is not Kind.PAGE or len(answer.body) > _SMALL:
        return False
    text = answer.body.lower()
    return all(mark in text for mark in marks)


_REFUSED = frozenset({401, 403, 405, 429, 503})

SIGNS: tuple[Sign, ...] = (
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="Cloudflare",
        source="Cloudflare's documentation, Detect a Challenge Page response (2026-11)",
        header=("cf-mitigated", frozenset({"challenge"})),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="Cloudflare",
        source="gallery-dl, detect_challenge; the header is missing behind some proxies",
        statuses=_REFUSED,
        marks=(b"_cf_chl_opt",),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="AWS WAF",
        source="AWS WAF developer guide, CAPTCHA and Challenge action behavior (2026-11)",
        header=("x-amzn-waf-action", frozenset({"captcha", "challenge"})),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="DDoS-Guard",
        source="an interstitial quoted in tests of two public projects (2026-08)",
        statuses=_REFUSED,
        marks=(b"/.well-known/ddos-guard/", b"<title>ddos-guard</title>"),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="DataDome",
        source="its page quoted in public projects (2026-11)",
        statuses=_REFUSED,
        marks=(b"captcha-delivery.com/",),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="Anubis",
        source="its page as of version 1.27; it answers with 200",
        marks=(b'id="anubis_challenge"',),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="HUMAN",
        source="from memory: the element its page draws the check into; not confirmed",
        statuses=_REFUSED,
        marks=(b'id="px-captcha"',),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="Imperva",
        source="from memory: the frame its page consists of; not confirmed",
        marks=(b'id="main-iframe"', b"/_incapsula_resource"),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="Google",
        source="from memory: where its check of unusual traffic lives; not confirmed",
        place=re.compile(r"^(?:www\.)?google\.[a-z.]+/sorry/"),
    ),
    Sign(
        outcome=Outcome.BOT_CHECK,
        of="LinkedIn",
        source="from memory: a status of its own for what it takes for programs; not confirmed",
        statuses=frozenset({999}),
    ),
    Sign(
        outcome=Outcome.CONSENT_PAGE,
        of="Google, YouTube",
        source="searxng, pull request 10 (2021)",
        place=re.compile(r"^consent\.(?:google\.[a-z.]+|youtube\.com)/"),
    ),
    Sign(
        outcome=Outcome.CONSENT_PAGE,
        of="Yahoo and its sites",
        source="easylist, issues 9281 (2021) and 13967 (2022)",
        place=re.compile(r"^(?:consent\.yahoo\.com|guce\.[a-z.]+)/"),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="the host",
        source="RFC 9110, sections 15.5.2 and 15.5.8",
        statuses=frozenset({401, 407}),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="Instagram",
        source="from memory: where profiles lead without an account; not confirmed",
        place=re.compile(r"^(?:www\.)?instagram\.com/accounts/login\b"),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="Facebook",
        source="from memory, as above; not confirmed",
        place=re.compile(r"^(?:[a-z]+\.)?facebook\.com/login\b"),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="LinkedIn",
        source="from memory, as above; not confirmed",
        place=re.compile(r"^(?:[a-z]+\.)?linkedin\.com/(?:authwall|login|uas/login)\b"),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="X",
        source="from memory, as above; not confirmed",
        place=re.compile(r"^(?:x|twitter)\.com/(?:i/flow/login|login)\b"),
    ),
    Sign(
        outcome=Outcome.LOGIN_WALL,
        of="Google, Microsoft",
        source="hosts that serve nothing but logging in",
        place=re.compile(
            r"^(?:accounts\.google\.com|login\.microsoftonline\.com|login\.live\.com)/"
        ),
    ),
)


def judge(answer: Answer) -> tuple[Outcome, str] | None:
    """Say what an answer is if it is no page, with whose sign it bears; None: nothing is seen."""
    for sign in SIGNS:
        if sign.fits(answer):
            return sign.outcome, f"seen by a sign of {sign.of}"
    if _leads_to_a_login(answer):
        return Outcome.LOGIN_WALL, "it leads to a page that asks for a password"
    return None


def _leads_to_a_login(answer: Answer) -> bool:
    # Many pages have a password field in their head: only with a redirect to a login is it a wall.
    return (
        answer.redirected
        and answer.kind is Kind.PAGE
        and _LOGIN_PATH.search(answer.address.bare) is not None
        and _PASSWORD.search(answer.body[:_START]) is not None
    )
