"""Mail, saved pages and web archives: their pictures are members, and bad ones cost no others."""

from __future__ import annotations

import base64
import gzip
import json
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from selfcheck.model import Member, Reason, Skipped, Unreadable
from selfcheck.sources import Limits, PartsTree, gather, holders, messages

PICTURE = b"\xff\xd8\xff\xe0 stands for a picture " * 9
FROM = b"From 1234@xxx Mon Jan 02 15:04:05 +0100 2023\n"
ENCODED = base64.encodebytes(PICTURE)
Found = tuple[dict[str, bytes], list[Skipped]]


def letter(**changes: str) -> EmailMessage:
    mail = EmailMessage()
    headers = {
        "From": "Anna Example <Anna@example.org>",
        "To": "ben@example.org",
        "Subject": "Garden",
        "Date": "Mon, 02 Jan 2023 15:04:05 +0100",
    }
    for name, value in (headers | changes).items():
        mail[name.replace("_", "-")] = value
    mail.set_content("See the pictures.\n>From the garden\n")
    return mail


def with_picture(name: str = "garden.jpg", **changes: str) -> bytes:
    mail = letter(**changes)
    mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename=name)
    return mail.as_bytes()


def mailbox(path: Path, *messages: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(FROM + message + b"\n\n" for message in messages))
    return path


def read(path: Path, limits: Limits | None = None) -> Found:
    [tree] = gather([path], limits)
    return read_tree(tree)


def read_tree(tree: PartsTree) -> Found:
    found, troubles = dict[str, bytes](), list[Skipped]()
    for listed in tree.members():
        if isinstance(listed, Skipped):
            troubles.append(listed)
        else:
            with tree.open(listed) as file:
                found[listed.path] = file.read()
    for met in tree.stream():
        if isinstance(met, Skipped):
            troubles.append(met)
        else:
            found[met[0].path] = met[1].read()
    return found, troubles


def pictures(found: Found) -> dict[str, bytes]:
    return {path: data for path, data in found[0].items() if not path.endswith(".json")}


def told(found: Found) -> list[dict[str, object]]:
    documents = (json.loads(data) for path, data in found[0].items() if path.endswith(".json"))
    return [message for document in documents for message in document["messages"]]


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.mbox", b"%PDF-1.7 and more\n", Reason.DAMAGED),
        ("a.warc", b"%PDF-1.7 and more\n", Reason.DAMAGED),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", Reason.DAMAGED),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 99\r\n\r\nshort", Reason.TRUNCATED),
        ("a.warc", b"WARC/1.0\r\n" + b"X: y\r\n" * 600, Reason.HOSTILE),
        (
            "a.warc.gz",
            gzip.compress(b"WARC/1.0\r\nContent-Length: 9\r\n\r\n")[:-9],
            Reason.TRUNCATED,
        ),
        ("a.emlx", b"no number\nFrom: a@example.org\n\n", Reason.DAMAGED),
        ("a.eml", b"Content-Type: multipart/mixed; boundary=a\n" * 300, Reason.HOSTILE),
        ("a.eml", b"Content-Type: message/rfc822\n\n" * 300, Reason.HOSTILE),
        ("a.eml", b"boundary=\n" * 150 + b"\n" * 2_000_000, Reason.HOSTILE),
    ],
)
def test_what_is_none_of_it_is_told_and_costs_nothing(
    tmp_path: Path, name: str, data: bytes, reason: Reason
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.jpg").write_bytes(PICTURE)
    found = read(tmp_path)
    assert [each.reason for each in found[1]] == [reason]
    assert pictures(found) == {"b.jpg": PICTURE}


@pytest.mark.parametrize("name", ["a.mbox", "a.eml", "a.mht", "a.warc", "mbox"])
def test_an_empty_one_is_one_empty_document(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    found = read(tmp_path)
    assert list(found[0]) == [f"{name}/messages-1.json"]
    assert told(found) == []


@pytest.mark.parametrize("cut", [1, 10, 300, 700])
def test_a_mailbox_that_breaks_off_gives_what_came_before(tmp_path: Path, cut: int) -> None:
    path = mailbox(tmp_path / "a.mbox", with_picture("1.jpg"), with_picture("2.jpg"))
    path.write_bytes(path.read_bytes()[:-cut])
    assert pictures(read(path))["a.mbox/1/1 1.jpg"] == PICTURE


def test_malformed_messages_do_not_stop_the_others(tmp_path: Path) -> None:
    bad = [
        b"\xff\xfe\x00\n\n",
        b"Content-Type: multipart/mixed\n\n--nothing\n",
        b"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n!!!!\n",
        b"Content-Type: image/jpeg; name*0*=bad''%ZZ; name*x=1\n\nx\n",
        b"Content-Type: text/plain; charset=klingon\nSubject: =?klingon?q?=FF?=\n\nx\n",
        b"From: =?utf-8?b?//8=?= <a@b>\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\nx\n",
        b"Subject: =?utf-8?b?abcde?=\n\nx\n",
        b"Subject: " + b"a" * 100_000 + b"\nFrom: " + b"<" * 50_000 + b"\n\nx\n",
        b"Content-Transfer-Encoding: x-uuencode\nContent-Type: image/png\n\nbegin 644\n\n",
    ]
    path = mailbox(tmp_path / "a.mbox", *bad, with_picture())
    found = read(path)
    assert pictures(found)["a.mbox/10/1 garden.jpg"] == PICTURE
    assert found[1] == []


def test_a_message_that_is_too_large_is_told_and_passed_by(tmp_path: Path) -> None:
    large = letter().as_bytes() + b"a line of text\n" * 5000
    path = mailbox(tmp_path / "a.mbox", large, with_picture())
    found = read(path, Limits(message=20_000))
    assert [(each.item, each.reason) for each in found[1]] == [
        ("a.mbox/message 1", Reason.TOO_LARGE)
    ]
    assert list(pictures(found)) == ["a.mbox/2/1 garden.jpg"]


def test_a_message_of_too_many_pictures_is_given_up(tmp_path: Path) -> None:
    mail = letter()
    for _ in range(9):
        mail.add_attachment(PICTURE, maintype="image", subtype="jpeg")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    found = read(tmp_path / "a.eml", Limits(enclosed=4))
    assert len(pictures(found)) == 4
    assert [each.reason for each in found[1]] == [Reason.HOSTILE]


WRITTEN = f'<img src="data:image/png;base64,{base64.b64encode(PICTURE).decode()}">'


@pytest.mark.parametrize(
    "page",
    [
        "<img src='data:image/png;base64,!!!!'>",
        "<img src='data:image/png;base64,'>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
        "data:" * 9000,
        "\ud800",
    ],
)
def test_no_pictures_in_a_mails_page_cost_no_others(tmp_path: Path, page: str) -> None:
    mail = letter()
    mail.add_alternative("x", subtype="html")
    data = mail.as_bytes().replace(b"\nx\n", page.encode(errors="surrogatepass") + b"\n")
    path = mailbox(tmp_path / "a.mbox", data, with_picture())
    assert list(pictures(read(path))) == ["a.mbox/2/1 garden.jpg"]


def test_a_mails_page_of_too_many_pictures_is_given_up(tmp_path: Path) -> None:
    several = (base64.b64encode(b"picture %d" % n).decode() for n in range(9))
    mail = letter()
    page = "".join(f"<img src='data:image/png;base64,{one}'>\n" for one in several)
    mail.add_alternative(page, subtype="html")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    found = read(tmp_path / "a.eml", Limits(enclosed=4))
    assert len(pictures(found)) == 4
    assert [each.reason for each in found[1]] == [Reason.HOSTILE]


def test_a_names_folders_lead_nowhere(tmp_path: Path) -> None:
    path = mailbox(tmp_path / "a.mbox", with_picture("../../etc/x.jpg"), with_picture("a" * 900))
    first, second = pictures(read(path))
    assert first == "a.mbox/1/1 .._.._etc_x.jpg"
    assert len(second) < 200


# --- mail --------------------------------------------------------------------------------


def test_pictures_of_a_mailbox_are_members_and_headers_are_told(tmp_path: Path) -> None:
    labelled = {"X_Gmail_Labels": "Sent,Garden", "Delivered_To": "anna@example.org"}
    mailbox(tmp_path / "Mail" / "All mail.mbox", letter().as_bytes(), with_picture(**labelled))
    found = read(tmp_path)
    assert pictures(found) == {"Mail/All mail.mbox/2/1 garden.jpg": PICTURE}
    (message,) = told(found)
    assert message["number"] == 2
    assert message["sender"] == "Anna Example"
    assert message["address"] == "anna@example.org"
    assert message["date"] == "2023-01-02T15:04:05+01:00"
    assert message["labels"] == "Sent,Garden"
    assert message["people"] == 2


def test_a_line_that_begins_like_a_message_is_no_message(tmp_path: Path) -> None:
    mail = letter().as_bytes() + b"From here on\nit is text.\n"
    found = read(mailbox(tmp_path / "a.mbox", mail, with_picture()))
    assert list(pictures(found)) == ["a.mbox/2/1 garden.jpg"]


def test_pasted_unnamed_untyped_and_forwarded_pictures_are_found(tmp_path: Path) -> None:
    inner = letter()
    inner.add_attachment(PICTURE, maintype="image", subtype="png", filename="inner.png")
    mail = letter()
    mail.add_related(PICTURE, maintype="image", subtype="jpeg", cid="<1>")
    mail.add_attachment(PICTURE, maintype="application", subtype="octet-stream", filename="x.HEIC")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="x.pdf")
    mail.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    assert sorted(pictures(read(tmp_path / "a.eml"))) == [
        "a.eml/1/1 picture.jpeg",
        "a.eml/1/2 x.HEIC",
        "a.eml/1/3 inner.png",
    ]


def test_names_and_subjects_in_other_alphabets_are_read(tmp_path: Path) -> None:
    raw = (
        "From: =?iso-8859-2?Q?Pawe=B3?= <p@example.org>\nSubject: Zoë ohne Angabe\n"
        "Content-Type: image/jpeg; name*=utf-8''%D0%A1%D0%B0%D0%B4.jpg\n"
        "Content-Transfer-Encoding: base64\n\n"
    ).encode() + ENCODED
    found = read(mailbox(tmp_path / "a.mbox", raw))
    assert list(pictures(found)) == ["a.mbox/1/1 Сад.jpg"]
    (message,) = told(found)
    assert (message["sender"], message["subject"]) == ("Paweł", "Zoë ohne Angabe")
    assert message["date"] == "2023-01-02T15:04:05+01:00"  # of the line in front of it


@pytest.mark.parametrize(
    ("encoding", "body"), [(b"base64", ENCODED), (b"binary", PICTURE), (b"8bit", PICTURE)]
)
def test_a_pasted_picture_that_no_disposition_announces_is_found(
    tmp_path: Path, encoding: bytes, body: bytes
) -> None:
    mail = (
        b'Subject: pasted\nContent-Type: multipart/related; boundary="x"\n\n'
        b'--x\nContent-Type: text/html\n\n<img src="cid:1">\n'
        b"--x\nContent-Type: image/jpeg\nContent-ID: <1>\n"
        b"Content-Transfer-Encoding: " + encoding + b"\n\n" + body + b"\n--x--\n"
    )
    found = read(mailbox(tmp_path / "a.mbox", mail))
    assert pictures(found) == {"a.mbox/1/1 picture.jpeg": PICTURE}


def test_a_page_in_an_older_charset_keeps_its_pictures(tmp_path: Path) -> None:
    head = b"Subject: x\nContent-Type: text/html; charset=iso-8859-2\n"
    page = f"<p>Zażółć gęślą jaźń</p>{WRITTEN}".encode("iso-8859-2")
    mail = head + b"Content-Transfer-Encoding: 8bit\n\n" + page + b"\n"
    found = read(mailbox(tmp_path / "a.mbox", mail))
    assert pictures(found) == {"a.mbox/1/1 picture.png": PICTURE}


def test_apples_mail_begins_with_its_length(tmp_path: Path) -> None:
    mail = with_picture()
    (tmp_path / "1.emlx").write_bytes(b"%d \n%s<?xml version='1.0'?>" % (len(mail), mail))
    assert pictures(read(tmp_path)) == {"1.emlx/1/1 garden.jpg": PICTURE}


def test_a_mailbox_in_a_zip_and_in_a_tar_is_read_as_well(tmp_path: Path) -> None:
    box = mailbox(tmp_path / "box" / "All mail.mbox", with_picture())
    inside = "Takeout/Mail/All mail.mbox"
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(box, inside)
        archive.writestr("Takeout/b.jpg", PICTURE)
    with tarfile.open(tmp_path / "b.tgz", "w:gz") as tape:
        tape.add(box, inside)
        tape.add(box, "Takeout/c.jpg")
    for name, other in (("a.zip", "Takeout/b.jpg"), ("b.tgz", "Takeout/c.jpg")):
        found = read(tmp_path / name)
        assert set(pictures(found)) == {f"{inside}/1/1 garden.jpg", other}
        assert len(told(found)) == 1


def test_what_was_told_can_be_opened_again_and_a_picture_cannot(tmp_path: Path) -> None:
    [tree] = gather([mailbox(tmp_path / "a.mbox", with_picture())])
    assert list(tree.members()) == []
    assert tree.streamed
    picture, document = (met[0] for met in tree.stream() if isinstance(met, tuple))
    with tree.open(document) as file:
        assert json.loads(file.read())["messages"]
    with pytest.raises(Unreadable):
        tree.open(picture)


def test_a_message_that_moved_up_is_another_member(tmp_path: Path) -> None:
    def only(*messages: bytes) -> Member:
        [tree] = gather([mailbox(tmp_path / "a.mbox", *messages)])
        list(tree.members())
        return next(met[0] for met in tree.stream() if isinstance(met, tuple))

    first, second = with_picture(), with_picture(Subject="Another")
    before, after = only(first, second), only(second)
    assert before.path == after.path
    assert before.stamp != after.stamp


@pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
def test_pictures_written_into_a_mails_page_are_members(tmp_path: Path, encoding: str) -> None:
    mail = letter()
    mail.add_alternative(f"<p>{WRITTEN}</p>\n<p>{WRITTEN}</p>", subtype="html", cte=encoding)
    mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="garden.jpg")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    found = read(tmp_path / "a.eml")
    assert pictures(found) == {"a.eml/1/1 picture.png": PICTURE, "a.eml/1/2 garden.jpg": PICTURE}
    assert len(told(found)) == 1


def test_a_page_that_is_attached_is_looked_through_as_well(tmp_path: Path) -> None:
    mail = letter()
    page = f"<html>{WRITTEN}".encode()
    mail.add_attachment(page, maintype="text", subtype="html", filename="page.html")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    assert pictures(read(tmp_path / "a.eml")) == {"a.eml/1/1 picture.png": PICTURE}


# --- saved pages -------------------------------------------------------------------------

MHTML = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://pictures.example.com/anna
Subject: =?utf-8?Q?Anna=E2=80=99s page?=
Date: Mon, 02 Jan 2023 15:04:05 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----MultipartBoundary--x----"

------MultipartBoundary--x----
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://pictures.example.com/anna

<img src=3D"1.jpg">
------MultipartBoundary--x----
Content-Type: image/jpeg
Content-Transfer-Encoding: base64
Content-Location: https://cdn.example.com/1.jpg

%s
------MultipartBoundary--x------
"""


def test_pictures_of_a_saved_page_are_members(tmp_path: Path) -> None:
    (tmp_path / "page.mhtml").write_bytes(MHTML.replace(b"%s", ENCODED))
    found = read(tmp_path)
    assert list(pictures(found).values()) == [PICTURE]
    (message,) = told(found)
    assert message["page"] == "https://pictures.example.com/anna"
    assert message["subject"] == "Anna’s page"


def test_pictures_written_into_a_saved_page_and_its_styles_are_members(tmp_path: Path) -> None:
    style = (
        b"------MultipartBoundary--x----\nContent-Type: text/css\n\na{b:url(data:image/gif,GIF)}\n"
    )
    page = MHTML.replace(b"%s", ENCODED).replace(b'<img src=3D"1.jpg">', WRITTEN.encode())
    page = page.replace(b'src="', b'src=3D"').replace(b'=">', b'=3D">')
    (tmp_path / "page.mhtml").write_bytes(page.replace(b"------Mul", style + b"------Mul", 1))
    assert list(pictures(read(tmp_path)).values()) == [b"GIF", PICTURE, PICTURE]


def record(kind: str, address: str, body: bytes, **more: str) -> bytes:
    headers = {"WARC-Type": kind, "WARC-Target-URI": address, "Content-Length": str(len(body))}
    lines = (f"{name}: {value}\r\n" for name, value in (headers | more).items())
    return f"WARC/1.1\r\n{''.join(lines)}\r\n".encode() + body + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: int = 200, kind: str = "image/jpeg") -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"Content-Type: {kind}", *headers))
    return f"HTTP/1.1 {status} OK\r\n{lines}\r\n".encode() + body


ADDRESS = "https://cdn.example.com/a/1.jpg?size=large"


@pytest.mark.parametrize("packed", [False, True])
def test_pictures_of_a_web_archive_are_members(tmp_path: Path, *, packed: bool) -> None:
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (PICTURE[:7], PICTURE[7:], b""))
    records = [
        record("warcinfo", "", b"software: example\r\n"),
        record("request", ADDRESS, b"GET /a/1.jpg HTTP/1.1\r\n\r\n"),
        record("response", ADDRESS, answer(PICTURE)),
        record("response", ADDRESS, answer(b"<html>", kind="text/html")),
        record("response", ADDRESS, answer(b"gone", status=404)),
        record("response", ADDRESS, answer(chunked, "Transfer-Encoding: chunked")),
        record("response", ADDRESS, answer(gzip.compress(PICTURE), "Content-Encoding: gzip")),
        record("response", ADDRESS, answer(PICTURE, "Content-Encoding: br")),
        record("resource", "https://cdn.example.com/", PICTURE, **{"Content-Type": "image/png"}),
    ]
    data = b"".join(map(gzip.compress, records)) if packed else b"".join(records)
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(data)
    found = read(path)
    assert list(pictures(found).values()) == [PICTURE] * 4
    (packed_otherwise,) = found[1]
    assert packed_otherwise.reason is Reason.UNSUPPORTED
    assert "brotli" in packed_otherwise.detail
    assert {message["page"] for message in told(found)} == {ADDRESS, "https://cdn.example.com/"}


PART = "Content-Range: bytes 0-99/1000"


@pytest.mark.parametrize(
    ("one", "named"),
    [
        (record("revisit", ADDRESS, answer(b"")), "revisit 1.jpg"),
        (record("revisit", ADDRESS, answer(b"", status=304)), "revisit 1.jpg"),
        (record("revisit", ADDRESS, b""), "revisit 1.jpg"),
        (record("revisit", ADDRESS.replace("1.jpg", "2"), answer(b"")), "revisit 2"),
        (record("response", ADDRESS, answer(PICTURE, PART, status=206)), "piece 1.jpg"),
        (record("response", ADDRESS, answer(PICTURE, status=206)), "piece 1.jpg"),
        (record("response", ADDRESS, answer(b"", "Content-Range: x", status=206)), "piece 1.jpg"),
        (
            record("response", ADDRESS, answer(b"", "Content-Range: bytes 0-9/*", status=206)),
            "piece 1.jpg",
        ),
    ],
)
def test_what_is_no_whole_picture_in_a_web_archive_is_counted(
    tmp_path: Path, one: bytes, named: str
) -> None:
    (tmp_path / "a.warc").write_bytes(one + record("response", ADDRESS, answer(PICTURE)))
    found = read(tmp_path / "a.warc")
    assert found[1] == []
    assert pictures(found) == {f"a.warc/1/{named}": b"", "a.warc/2/1 1.jpg": PICTURE}
    assert [message["number"] for message in told(found)] == [2]


@pytest.mark.parametrize(
    "one",
    [
        record("revisit", "https://a.example/", answer(b"", kind="text/html")),
        record("revisit", "https://a.example/", b"\xff\xfe"),
        record("revisit", ADDRESS, answer(b"", status=304, kind="text/html")),
        record("revisit", "", b""),
        record("revisit", "dns:a.example", b""),
        record("response", "https://a.example/", answer(b"x", PART, status=206, kind="text/css")),
        record("response", ADDRESS, answer(b"x", status=404)),
        record("response", ADDRESS, b"no answer at all"),
        record("response", ADDRESS, answer(b"x", kind="text/html")),
    ],
)
def test_what_was_no_picture_in_a_web_archive_is_none(tmp_path: Path, one: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(one)
    assert read(tmp_path / "a.warc")[1] == []
    assert pictures(read(tmp_path / "a.warc")) == {}


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "binary/octet-stream; x=y"])
def test_a_picture_that_a_server_gave_no_type_is_known_by_its_name(
    tmp_path: Path, kind: str
) -> None:
    other = record("response", "https://a.example/x.bin", answer(b"x", kind=kind))
    (tmp_path / "a.warc").write_bytes(
        other + record("response", ADDRESS, answer(PICTURE, kind=kind))
    )
    assert pictures(read(tmp_path / "a.warc")) == {"a.warc/1/1 1.jpg": PICTURE}


def test_a_piece_that_is_the_whole_is_a_picture(tmp_path: Path) -> None:
    whole = f"Content-Range: bytes 0-{len(PICTURE) - 1}/{len(PICTURE)}"
    one = record("response", ADDRESS, answer(PICTURE, whole, status=206))
    (tmp_path / "a.warc").write_bytes(one)
    assert pictures(read(tmp_path / "a.warc")) == {"a.warc/1/1 1.jpg": PICTURE}


def test_a_packaged_web_archive_is_read_as_the_zip_it_is(tmp_path: Path) -> None:
    inner = gzip.compress(record("response", ADDRESS, answer(PICTURE)))
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", inner)
        archive.writestr("datapackage.json", b"{}")
    for given in (tmp_path, tmp_path / "a.wacz"):
        found = pictures(read(given))
        assert found == {"archive/data.warc.gz/1/1 1.jpg": PICTURE}


def test_a_web_archive_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record("response", ADDRESS, answer(PICTURE)) * 2)
    path.write_bytes(path.read_bytes()[:-60])
    found = read(path)
    assert list(pictures(found).values()) == [PICTURE]
    assert [each.reason for each in found[1]] == [Reason.TRUNCATED]


@pytest.mark.parametrize("length", ["²", "9" * 5000, "-1", "1_0", ""])
def test_a_record_whose_length_is_no_number_ends_its_web_archive_alone(
    tmp_path: Path, length: str
) -> None:
    sound = record("response", ADDRESS, answer(PICTURE))
    broken = f"WARC/1.0\r\nContent-Length: {length}\r\n\r\n".encode() + PICTURE
    (tmp_path / "a.warc").write_bytes(sound + broken)
    found = read(tmp_path / "a.warc")
    assert list(pictures(found).values()) == [PICTURE]
    assert [each.reason for each in found[1]] == [Reason.DAMAGED]


@pytest.mark.parametrize(("limit", "body"), [("_MOST_LINES", b"a\n"), ("_MOST_PARTS", b"\n--b\n")])
def test_a_message_of_nothing_but_ends_is_given_up_before_it_is_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, body: bytes
) -> None:
    monkeypatch.setattr(messages, limit, 100)
    found = read(mailbox(tmp_path / "a.mbox", with_picture(), b"Subject: x\n\n" + body * 200))
    assert list(pictures(found).values()) == [PICTURE]
    assert [each.reason for each in found[1]] == [Reason.HOSTILE]


def pages(found: Found) -> list[str]:
    documents = (json.loads(data) for path, data in found[0].items() if path.endswith(".json"))
    held = (page for document in documents for page in document.get("pages", ()))
    return ["".join(page["html"]) for page in held]


def test_the_html_of_saved_pages_is_told_and_that_of_mail_is_not(tmp_path: Path) -> None:
    (tmp_path / "page.mhtml").write_bytes(MHTML.replace(b"%s", ENCODED))
    html = answer(b"<p>1</p>", kind="text/html; charset=iso-8859-2")
    gone = record("response", ADDRESS, answer(b"x", status=404, kind="text/html"))
    packed = record("response", ADDRESS, answer(b"x", "Content-Encoding: br", kind="text/html"))
    (tmp_path / "site.warc").write_bytes(record("response", ADDRESS, html) + gone + packed)
    mail = letter()
    mail.add_alternative("<p>SECRET</p>", subtype="html")
    mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="garden.jpg")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    found = read(tmp_path)
    assert found[1] == []
    assert sorted(page.strip() for page in pages(found)) == ['<img src="1.jpg">', "<p>1</p>"]
    (picture,) = (one["pictures"] for one in told(found) if "pictures" in one)
    assert picture == [["https://cdn.example.com/1.jpg"]]


def test_html_leaves_room_for_other_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = (record("response", ADDRESS, answer(b"%d" % n * 40, kind="text/html")) for n in range(9))
    (tmp_path / "a.warc").write_bytes(b"".join(html) + record("response", ADDRESS, answer(PICTURE)))
    assert len(pages(read(tmp_path))) == 9
    monkeypatch.setattr(holders, "_MOST_HTML", 100)
    found = read(tmp_path)
    assert len(pages(found)) == 9
    assert len(found[0]) == 1 + 5  # the picture, and two pages in one document
    monkeypatch.setattr(holders.HtmlRoom.__init__, "__defaults__", (250,))
    assert len(pages(read(tmp_path))) == 5
