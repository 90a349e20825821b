"""KakaoTalk's chats: every form of a message's head, and what is not taken for a chat."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.kakaotalk import KakaoTalk
from selfcheck.model import Audience, Picture

Build = Callable[..., Documents]

FILE = "0123456789abcdef" * 4 + ".jpg"


@pytest.mark.parametrize(
    ("head", "when"),
    [
        ("October 12, 2020, 6:49 AM, Bo : ", "2020-10-12T06:49:00"),
        ("October 12, 2020 at 6:49\u202fp.m., Bo : ", "2020-10-12T18:49:00"),
        ("12 October 2020 at 06:49, Bo, of the choir : ", "2020-10-12T06:49:00"),
        ("2025년 6월 24일 오전 12:22, 보 : ", "2025-06-24T00:22:00"),
        ("2025년 6월 24일 15:07, 보 : ", "2025-06-24T15:07:00"),
        ("2025. 10. 14. 오후 9:30, 보@bo : ", "2025-10-14T21:30:00"),
        ("----- 2024년 12월 9일 월요일 -----\n[보] [오후 2:30] ", "2024-12-09T14:30:00"),
        ("----- Monday, December 9, 2024 -----\n[Bo] [2:30 PM] ", "2024-12-09T14:30:00"),
    ],
)
def test_a_head_is_read_in_every_form(build: Build, head: str, when: str) -> None:
    docs = build({"KakaoTalkChats.txt": f"{head}{FILE}\n".encode(), FILE: None})
    assert KakaoTalk().claims(docs)
    (found,) = KakaoTalk().read(docs)
    assert isinstance(found, Picture)
    assert found.context.time is not None
    assert found.context.time.when.isoformat() == when


def test_a_clock_without_a_day_gives_no_time(build: Build) -> None:
    (found,) = KakaoTalk().read(
        build({"KakaoTalk_a.txt": f"[Bo] [2:30 PM] {FILE}".encode(), FILE: None})
    )
    assert isinstance(found, Picture)
    assert found.context.time is None


def test_a_day_goes_on_in_the_next_text(build: Build) -> None:
    day = "--------------- 2024년 12월 9일 월요일 ---------------".encode()
    message = f"[보] [오후 2:30] {FILE}".encode()
    docs = build({"KakaoTalk_a-10.txt": message, "KakaoTalk_a-9.txt": day, FILE: None})
    (found,) = KakaoTalk().read(docs)
    assert isinstance(found, Picture)
    assert found.context.time is not None
    assert found.context.time.when.day == 9


def test_chats_whose_texts_are_called_alike_are_not_one_chat(build: Build) -> None:
    def chat(other: str, file: str) -> dict[str, bytes | None]:
        lines = (f"KakaoTalk Chats with {other}", f"October 12, 2020, 6:49 AM, {other} : {file}")
        mine = "October 12, 2020, 6:50 AM, Ana : hi"
        return {"KakaoTalkChats.txt": "\n".join((*lines, mine)).encode(), file: None}

    found = list(KakaoTalk().read(build(chat("Bo", "a" + FILE[1:]), chat("Cleo", "b" + FILE[1:]))))
    contexts = [one.context for one in found if isinstance(one, Picture)]
    told = [(context.audience, context.author_name) for context in contexts]
    assert told == [(Audience.DIRECT, "Bo"), (Audience.DIRECT, "Cleo")]


@pytest.mark.parametrize("text", [b"", b"KakaoTalk is an app.\n2020: a year\n", OSError("gone")])
def test_texts_of_others_are_not_claimed(build: Build, text: bytes | Exception) -> None:
    assert not KakaoTalk().claims(build({"KakaoTalk_notes.txt": text, "KakaoTalk.csv": text}))
