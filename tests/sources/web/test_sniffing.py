"""Bytes decide what an answer is, and a page that is no page is known by narrow signs."""

from __future__ import annotations

import pytest
from sources.web.hosts import PAGE, PICTURE, address, gives, leads, visit

from selfcheck.sources.web import Kind, Outcome
from selfcheck.sources.web.signs import SIGNS, Answer, judge
from selfcheck.sources.web.sniffing import sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"%PDF-1.7", Kind.OTHER),
        (b'{"error": "login"}', Kind.OTHER),
        (b"plain words", Kind.OTHER),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", Kind.OTHER),
        (b"<?xml version='1.0'?><svg>", Kind.OTHER),
        (b"<?xml version='1.0'?><rss>", Kind.OTHER),
        (b"<abbr>", Kind.OTHER),
        (b"RIFF\0\0\0\0WAVE", Kind.OTHER),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", Kind.OTHER),
        (b"BM means something else" + bytes(20), Kind.OTHER),
        (b"PK\x03\x04", Kind.OTHER),
        (b"\xff\xd8\xff\xe0", Kind.PICTURE),
        (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
        (b"GIF89a", Kind.PICTURE),
        (b"II*\0", Kind.PICTURE),
        (b"RIFF\0\0\0\0WEBP", Kind.PICTURE),
        (b"BM" + bytes(12) + b"\x28\0\0\0", Kind.PICTURE),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Kind.PICTURE),
        (b"\0\0\0\x18ftypavif\0\0\0\0", Kind.PICTURE),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Kind.FILM),
        (b"\0\0\0\x18ftypqt  \0\0\0\0", Kind.FILM),
        (b"\x1aE\xdf\xa3", Kind.FILM),
        (b"RIFF\0\0\0\0AVI ", Kind.FILM),
        (b"<!DOCTYPE html>", Kind.PAGE),
        (b"\xef\xbb\xbf\r\n <HTML lang=de>", Kind.PAGE),
        (b"<!-- a comment --><html>", Kind.PAGE),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC", Kind.PAGE),
        (b"<meta charset=utf-8>", Kind.PAGE),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), Kind.PAGE),
        (b"\xfe\xff" + "<html>".encode("utf-16-be"), Kind.PAGE),
    ],
)
def test_bytes_say_what_they_are(head: bytes, kind: Kind) -> None:
    assert sniff(head) is kind


def test_the_header_decides_for_plain_text_only() -> None:
    assert sniff(b"Some words <b>first", "text/html; charset=utf-8") is Kind.PAGE
    assert sniff(b"Some words", "text/plain") is Kind.OTHER
    assert sniff(b"\0\1\2", "text/html") is Kind.OTHER
    assert sniff(b"<svg>", "text/html") is Kind.OTHER
    assert sniff(PICTURE, "text/html") is Kind.PICTURE


def page(text: str = "") -> bytes:
    return PAGE + text.encode()


def judged(
    text: str = "",
    *,
    at: str = "http://club.example/",
    status: int = 200,
    redirected: bool = False,
    **headers: str,
) -> Outcome | None:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    found = judge(
        Answer(
            address=address(at),
            status=status,
            headers=told,
            kind=Kind.PAGE,
            body=page(text),
            redirected=redirected,
        )
    )
    return found[0] if found else None


PASSWORD = '<form><input name=p type="password"></form>'
DDOS_GUARD = '<title>DDoS-Guard</title><script src="/.well-known/ddos-guard/js-challenge/index.js">'


def test_a_page_that_only_mentions_a_guard_stays_a_page() -> None:
    assert judged() is None
    assert judged("// DDOS-GUARD caching, DataDome, _cf_chl_opt, captcha") is None
    assert judged('<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js">') is None
    assert judged('<div class="g-recaptcha">') is None
    assert judged('<script id="anubis_challenge">' + "words " * 20_000) is None
    assert judged(cf_ray="8a", server="cloudflare", cf_mitigated="") is None


def test_a_page_with_a_password_field_stays_a_page_unless_a_redirect_leads_to_a_login() -> None:
    assert judged(PASSWORD) is None
    assert judged(PASSWORD, redirected=True) is None
    assert judged(PASSWORD, at="http://club.example/login") is None
    assert judged(at="http://club.example/login", redirected=True) is None
    assert judged(PASSWORD, at="http://club.example/blogin/", redirected=True) is None
    assert judged(PASSWORD, at="http://club.example/?to=/login", redirected=True) is None
    for path in ("login", "user/sign-in?next=%2F", "wp-login.php", "accounts/login/"):
        at = f"http://club.example/{path}"
        assert judged(PASSWORD, at=at, redirected=True) is Outcome.LOGIN_WALL


def test_a_host_that_is_called_like_a_login_stays_a_host() -> None:
    assert judged(at="http://notinstagram.com/accounts/login") is None
    assert judged(at="http://instagram.com.evil.example/accounts/login") is None
    assert judged(at="http://consent.example/") is None
    assert judged(at="http://club.example/consent.youtube.com/") is None


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("https://www.instagram.com/accounts/login/?next=/me/", Outcome.LOGIN_WALL),
        ("https://m.facebook.com/login.php", Outcome.LOGIN_WALL),
        ("https://www.linkedin.com/authwall?x=1", Outcome.LOGIN_WALL),
        ("https://x.com/i/flow/login", Outcome.LOGIN_WALL),
        ("https://accounts.google.com/v3/signin", Outcome.LOGIN_WALL),
        ("https://consent.youtube.com/m?continue=x", Outcome.CONSENT_PAGE),
        ("https://consent.google.co.uk/", Outcome.CONSENT_PAGE),
        ("https://guce.yahoo.com/consent", Outcome.CONSENT_PAGE),
        ("https://www.google.com/sorry/index", Outcome.BOT_CHECK),
    ],
)
def test_an_address_that_serves_nothing_else_is_a_sign(at: str, outcome: Outcome) -> None:
    assert judged(at=at) is outcome


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("<script>window._cf_chl_opt={}</script>", 503),
        (DDOS_GUARD, 403),
        ('<script src="https://geo.captcha-delivery.com/c.js">', 403),
        ('<script id="anubis_challenge" type="application/json">', 200),
        ('<div id="px-captcha">', 403),
        ('<iframe id="main-iframe" src="/_Incapsula_Resource?x">', 200),
        ("", 999),
    ],
)
def test_a_small_page_with_its_makers_mark_is_a_bot_check(text: str, status: int) -> None:
    assert judged(text, status=status) is Outcome.BOT_CHECK


def test_a_header_that_its_maker_documents_is_a_bot_check() -> None:
    assert judged(status=403, cf_mitigated="challenge") is Outcome.BOT_CHECK
    assert judged(status=405, x_amzn_waf_action="captcha") is Outcome.BOT_CHECK
    assert judged(status=202, x_amzn_waf_action="challenge") is Outcome.BOT_CHECK


def test_every_sign_names_its_source_and_looks_at_something() -> None:
    for sign in SIGNS:
        assert sign.source
        assert sign.statuses or sign.header or sign.place or sign.marks


def test_a_wall_is_never_ok_when_it_is_fetched() -> None:
    routes = {"/me": leads("/login?next=/me"), "/login?next=/me": gives(page(PASSWORD))}
    seen = visit("http://club.example/me", routes).fetched
    assert (seen.outcome, seen.body) == (Outcome.LOGIN_WALL, b"")
    assert seen.requests[-1].outcome is Outcome.LOGIN_WALL
