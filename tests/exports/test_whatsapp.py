"""The lines of WhatsApp chats: every form of date, clock, sender and file that phones write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from export_fixtures import Json, outcome

from selfcheck.exports import Documents
from selfcheck.exports.whatsapp import WhatsApp
from selfcheck.exports.whatsapp_lines import Chat, messages, moment

Build = Callable[..., Documents]


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
        ("20/6/2017 8:28\u00a0p.\u00a0m. - A: x", "2017-06-20T20:28:00"),
        ("2/14/23, 10:02\u202fPM - A: x", "2023-02-14T22:02:00"),
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


def test_pasted_lines_of_another_form_do_not_turn_the_dates() -> None:
    chat = ["1/13/20, 10:00 - A: x", "1/14/20, 10:00 - A: y", "2020-05-01 10:00 - Dentist"]
    assert Chat.of(messages([*chat, "31/1/20, 10:00 - B: z"])).order == "mdy"
    named = "01/05/21, 15:38 - Ana: IMG-20210105-WA0002.jpg"
    assert Chat.of(messages([named, "2021-05-01 10:00 - Dentist"])).order == "mdy"


def test_a_year_before_whatsapp_is_no_time() -> None:
    (found,) = messages(["1/1/100, 10:00 - A: x"])
    assert moment(found, "dmy") is None


def test_a_message_is_held_no_longer_than_a_caption_may_be() -> None:
    (found,) = messages(["1/2/20, 10:00 - A: x", *["y" * 10_000] * 100])
    assert sum(map(len, found.lines)) <= 1 << 16


def test_marks_without_end_are_read_in_time_that_grows_with_the_line() -> None:
    (found,) = messages(["12/31/20, 3:37 PM - Ana" + ": \u200e" * 200_000 + "<"])
    assert not found.note


def test_a_group_that_is_renamed_is_no_message_of_its_own() -> None:
    first, second = messages(["1/2/20, 10:00 - Ana left", "more", "1/2/20, 10:01 - Bo: x"])
    assert (first.sender, first.lines) == (None, ["Ana left", "more"])
    assert second.sender == "Bo"


NAME = "IMG-20221231-WA0001.jpg"


def told(build: Build, *lines: str, files: tuple[str, ...] = (NAME,), name: str = "Bo") -> Json:
    text = {f"X/WhatsApp Chat with {name}.txt": "\n".join(lines).encode()}
    return outcome(WhatsApp(), build(text | {f"X/{file}": None for file in files}), "X/")


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("31.12.22, 23:40 - Ana: IMG-20221231-WA0001.jpg (Datei angehängt)", NAME),
        ("2022/12/31 23:40 - Ana: IMG-20221231-WA0001.jpg (ファイル添付)", NAME),
        ("2022/12/31 23:40 - Ana: IMG-20221231-WA0001.jpg (附件)", NAME),
        ("[2022/12/31 下午11:40:26] Ana: \u200e<附件：3-PHOTO-2022.jpg>", "3-PHOTO-2022.jpg"),
        ("31/12/22, 23:40 - Ana: In Rome (1).jpg (file attached)", "In Rome (1).jpg"),
    ],
)
def test_a_file_is_named_in_every_language(build: Build, line: str, file: str) -> None:
    (found,) = told(build, line, files=(file,))["pictures"]
    assert found["picture"] == file
    assert found["time"].startswith("2022-12-31T23:40")


def test_a_caption_stands_on_the_lines_that_follow_in_german_too(build: Build) -> None:
    line = f"31.12.22, 23:40 - Ana: {NAME} (Datei angehängt)"
    (found,) = told(build, line, "Am See", "bei Nacht")["pictures"]
    assert found["caption"] == "Am See\nbei Nacht"


@pytest.mark.parametrize(
    "words", ["<Medien ausgeschlossen>", "<Médias omis>", "görüntü dahil edilmedi", "GIF omitted"]
)
def test_what_was_not_exported_is_missing(build: Build, words: str) -> None:
    found = told(build, f"31/12/22, 23:40 - Ana: \u200e{words}", files=())
    assert found["missing"] == [[f"of 2022-12-31 23:40: {words}", "WhatsApp Chat with Bo.txt"]]


def test_words_about_what_was_left_out_are_no_missing_picture(build: Build) -> None:
    for words in ("they wrote image omitted, and <3", "<div class=x>", "<span>", "<b> </b>"):
        assert told(build, f"31/12/22, 23:40 - Ana: {words}", files=())["missing"] == []


def test_a_name_that_counts_leads_to_no_other_chats_picture(build: Build) -> None:
    said = f"31/12/22, 23:40 - Bob: {NAME} (file attached)".encode()
    docs = build(
        {"A/WhatsApp Chat with Ana.txt": said.replace(b"Bob", b"Ana"), f"A/{NAME}": None},
        {"B/WhatsApp Chat with Bob.txt": said},
    )
    found = outcome(WhatsApp(), docs)
    assert [one["listed_in"] for one in found["pictures"]] == ["A/WhatsApp Chat with Ana.txt"]
    assert found["missing"] == [[f"B/{NAME}", "B/WhatsApp Chat with Bob.txt"]]


def test_two_archives_alike_keep_their_pictures_apart(build: Build) -> None:
    said = f"31/12/22, 23:40 - Ana: {NAME} (file attached)".encode()
    docs = build(
        {"WhatsApp Chat with One.txt": said, NAME: None},
        {"WhatsApp Chat with Two.txt": said, NAME: None},
    )
    assert len(outcome(WhatsApp(), docs)["pictures"]) == 2


def test_what_a_phone_holds_besides_is_no_message() -> None:
    assert WhatsApp().unlisted("DCIM/Camera/IMG_1.jpg").kind == "file"
    assert WhatsApp().unlisted(f"Media/{NAME}").kind == "message"


def test_lines_that_end_as_on_windows_are_read_alike(build: Build) -> None:
    line = f"[31/12/2022, 23:40:26] Ana: \u200e<attached: {NAME}>\r"
    (found,) = told(build, line, "[31/12/2022, 23:41:00] Bo: hi\r")["pictures"]
    assert (found["picture"], found["audience"]) == (NAME, "direct")
    assert "caption" not in found


def test_what_the_phone_writes_in_a_groups_name_is_no_sender(build: Build) -> None:
    found = told(
        build,
        "[31/12/2022, 11:40:20] Choir: \u200eMessages are end-to-end encrypted.",
        f"\u200e[31/12/2022, 11:40:26] Ana: \u200e<attached: {NAME}>",
        name="Choir",
    )
    assert "audience" not in found["pictures"][0]


def test_a_group_that_is_renamed_with_a_colon_stays_a_group(build: Build) -> None:
    lines = [f"31/12/22, 23:4{n} - {who}: hi" for n, who in enumerate(("Ana", "Bo", "Cy"))]
    changed = "31/12/22, 23:44 - Ana changed the subject to “Trip: Rome”"
    said = f"31/12/22, 23:45 - Ana: {NAME} (file attached)"
    (found,) = told(build, *lines, changed, said, name="Trip")["pictures"]
    assert found["audience"] == "group"
