"""The lines of WhatsApp chats: every form of date, clock and sender that phones write."""

from __future__ import annotations

import pytest

from selfcheck.exports.whatsapp_lines import Chat, messages, moment


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("31/12/2022, 23:40 - A: x", "2022-12-31T23:40:00"),
        ("12/31/22, 11:40 PM - A: x", "2022-12-31T23:40:00"),
        ("12/31/22, 12:05 AM - A: x", "2022-12-31T00:05:00"),
        ("31.12.22, 23:40 - A: x", "2022-12-31T23:40:00"),
        ("31. 12. 2022 23:40 - A: x", "2022-12-31T23:40:00"),
        ("31-12-2022 23:40 - A: x", "2022-12-31T23:40:00"),
        ("2022/12/31 23:40 - A: x", "2022-12-31T23:40:00"),
        ("2022-12-31, 11:40 p. m. - A: x", "2022-12-31T23:40:00"),
        ("31.12.2022 klo 23.40 - A: x", "2022-12-31T23:40:00"),
        ("[2022/12/31 下午11:40:26] A: x", "2022-12-31T23:40:26"),
        ("[31.12.22, 23:40:26] A: x", "2022-12-31T23:40:26"),
        ("31/12/22, 11:40\u202fp.m.: A: x", "2022-12-31T23:40:00"),
        ("31/12/22, 11:40 μ.μ. - A: x", "2022-12-31T23:40:00"),
        ("31/12/2022، 11:40 م - A: x".replace("،", ","), "2022-12-31T23:40:00"),
        ("31/12/22, 11:40 ÖS - A: x", "2022-12-31T23:40:00"),
        ("31/12/22, 11:40 kk - A: x", "2022-12-31T00:00:00"),
    ],
)
def test_a_head_is_read_in_every_form(line: str, when: str) -> None:
    (found,) = messages([line])
    assert (found.sender, found.lines) == ("A", ["x"])
    told = moment(found, Chat.of([found]).order)
    assert told is not None
    assert told.when.isoformat() == when


def test_one_day_beyond_twelve_decides_the_order_of_all() -> None:
    chat = Chat.of(messages(["1/2/20, 10:00 - A: x", "1/13/20, 10:00 - A: y"]))
    assert chat.order == "mdy"


def test_a_file_named_by_its_day_decides_where_no_date_does() -> None:
    assert Chat.of(messages(["24-01-15 10:00 - A: IMG-20240115-WA0001.jpg"])).order == "ymd"
    assert Chat.of(messages(["1/2/2020, 10:00 - A: IMG-20200102-WA0001.jpg"])).order == "mdy"
    assert Chat.of(messages(["1/2/2020, 10:00 - A: IMG-20200201-WA0001.jpg"])).order == "dmy"


def test_a_group_that_is_renamed_is_no_message_of_its_own() -> None:
    first, second = messages(["1/2/20, 10:00 - Ana left", "more", "1/2/20, 10:01 - Bo: x"])
    assert (first.sender, first.lines) == (None, ["Ana left", "more"])
    assert second.sender == "Bo"
