"""Quirks of VK's archive that a fixture cannot show."""

from __future__ import annotations

from collections.abc import Callable

from selfcheck.exports import Documents
from selfcheck.exports.vk import Vk

Build = Callable[..., Documents]


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
