"""Who gets in: the one page that brings the token, and the same page loaded again."""

from __future__ import annotations

import re

import pytest
from web.visitor import JPEG, Taker, Visitor, soon

from selfcheck.web import CameraPage, listener


@pytest.mark.parametrize("token", [b"", b"guessed", b"\xff\xfe", b"x" * 4096])
def test_wrong_token_opens_nothing(visitor: Visitor, token: bytes) -> None:
    answer = visitor.post("/session", token)
    assert (answer.status, answer.json) == (403, {"reason": "open elsewhere"})
    assert "set-cookie" not in answer.headers
    assert visitor.enter().status == 200


def test_address_is_loopback_with_a_token_of_256_bits_in_the_fragment(page: CameraPage) -> None:
    found = re.fullmatch(r"http://127\.0\.0\.1:\d+/#([\w-]{43})", page.address)
    assert found is not None
    with listener() as other:
        assert found[1] not in CameraPage(other).address


def test_cookie_is_for_this_site_and_no_script(visitor: Visitor) -> None:
    name, value, *attributes = re.split("=|; ", visitor.enter().headers["set-cookie"])
    assert name == f"selfcheck-{visitor.port}"
    assert len(value) == 43
    joined = "; ".join(attributes).lower()
    assert "httponly" in joined
    assert "samesite; strict" in joined
    assert "path; /" in joined
    assert "expires" not in joined
    assert "domain" not in joined


def test_token_works_once_so_a_second_browser_is_told_no(guest: Visitor) -> None:
    second = Visitor(port=guest.port, token=guest.token)
    answer = second.enter()
    assert (answer.status, answer.json) == (403, {"reason": "open elsewhere"})
    assert guest.send().status == 200


def test_second_window_shares_the_cookie_and_not_the_seat(guest: Visitor) -> None:
    second = Visitor(port=guest.port, token="", cookie=guest.cookie)
    assert second.enter().status == 403
    assert second.send().status == 403
    assert guest.send().status == 200


def test_page_loaded_again_before_the_first_picture_goes_on(
    page: CameraPage, guest: Visitor
) -> None:
    taker = Taker(page).start()
    old = guest.seat
    assert guest.post("/closed").status == 204
    guest.token = ""
    assert guest.enter().status == 200
    assert guest.seat != old
    assert guest.send().status == 200
    assert soon(lambda: len(taker.shots) == 1)
    assert guest.post("/frame", JPEG, x_selfcheck=old).status == 403
