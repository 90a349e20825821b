"""Quirks of VK's archive that a fixture cannot show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.vk import Vk

Build = Callable[..., Documents]

_TIME = "2020-01-12T10:20:30"


def test_windows_1251_is_read_as_the_page_says(build: Build) -> None:
    page = (
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
        '<div class="attachment"><div class="attachment__description">{}</div>'
        '<a class="attachment__link" href="https://a.example/one.jpg"></a></div>'
    )
    path = "messages/-7/messages0.html"
    for kind, count in (("Фотография", 1), ("Стикер", 0)):
        docs = build({path: page.format(kind).encode("cp1251")})
        assert Vk().claims(docs)
        assert len(list(Vk().read(docs))) == count


@pytest.mark.parametrize(
    ("header", "author", "time"),
    [
        (
            "<a href='https://vk.com/id9'>Bo, Jr.</a>, 12 янв 2020 в 10:20:30",
            "somebody else",
            _TIME,
        ),
        ("Вы, 12 янв 2020 в 10:20:30 <span>(ред.)</span>", "owner", _TIME),
        ("You, 12 Jan 2020 at 10:20:30 AM", "owner", _TIME),
        ("Bo, 12 янв 2020 в 10:20:30", "unknown", _TIME),
        ("", "unknown", None),
    ],
)
def test_header_tells_sender_and_time(
    build: Build, header: str, author: str, time: str | None
) -> None:
    page = (
        f"<meta charset=utf-8><div class=message><div class=message__header>{header}</div>"
        "<div class=attachment><a href='https://a.example/1.jpg?sign=secret'>a?sign=secret</a>"
    )
    (found,) = Vk().read(build({"messages/9/messages0.html": page.encode()}))
    assert (found.context.author, found.context.caption) == (author, None)
    told = found.context.time
    assert (told.when.isoformat() if told else None) == time


def test_page_and_time_of_an_album_belong_to_a_picture_that_stands_alone(build: Build) -> None:
    one = "<a href='https://vk.com/photo1_{0}'><img src='https://a.example/{0}.jpg'></a>"
    date = "<div class=item__tertiary>17 мар 2019 в 9:08:07</div>"
    page = f"<div class=item>{one.format(1)}{date}</div><div class=item>{one.format(2) * 2}{date}"
    docs = build({"photos/photo-albums/1.html": page.encode()})
    found = [(a.context.permalink, a.context.time is None) for a in Vk().read(docs)]
    assert found == [("https://vk.com/photo1_1", False), (None, True), (None, True)]
