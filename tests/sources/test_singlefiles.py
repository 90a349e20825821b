"""Pages that SingleFile saved: their pictures are members, and bad ones cost no others."""

from __future__ import annotations

import base64
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from sources.test_nested import Found
from sources.test_nested import read as read_tree

from selfcheck.model import Reason, Skipped, Unreadable
from selfcheck.sources import Limits, gather

PICTURE = b"\xff\xd8\xff\xe0 stands for a picture " * 9
INLINED = b"data:image/jpeg;base64," + base64.b64encode(PICTURE)
DATE = b"Sat Sep 24 2022 02:34:32 GMT+0200 (Mitteleurop\xc3\xa4ische Sommerzeit)"
HEAD = (
    b"<!DOCTYPE html> <html lang=en%s><!--\n Page saved with SingleFile \n"
    b" url: https://pictures.example.com/anna \n saved date: " + DATE + b"\n-->"
    b"<meta charset=utf-8><title>Anna&#39;s\n page</title>"
)
PAGE = HEAD.replace(b"%s", b"") + b'<img src="' + INLINED + b'" alt="In the garden">'


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


TOLD = {
    "originalUrl": "https://pictures.example.com/anna",
    "resources": {"images/0.jpg": "https://cdn.example.com/1.jpg"},
}
WITH_ZIP = (
    HEAD.replace(b"%s", b" data-sfz")
    + b"<body><script>unpack()</script><!--"
    + zipped({"manifest.json": json.dumps(TOLD).encode(), "images/0.jpg": PICTURE})
    + b"--><sfz-extra-data>12</sfz-extra-data>"
)


def read(path: Path, limits: Limits | None = None) -> Found:
    [tree] = gather([path], limits)
    return read_tree(tree)


def told(data: bytes | Reason) -> list[dict[str, object]]:
    assert isinstance(data, bytes)
    messages: list[dict[str, object]] = json.loads(data)["messages"]
    return messages


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!--",
        b"<html><!-- another --><!--\n Page saved with SingleFile -->" + INLINED,
        b"<p>Page saved with SingleFile</p>" + INLINED,
        b" " * 100_000 + PAGE,
        b"\xff\xfe" + PAGE.decode().encode("utf-16-le"),
        b"PK\x03\x04",
    ],
)
def test_any_other_page_is_a_file_like_all_others(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.html").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(b"")
    assert read(tmp_path) == {"a.html": data, "b.txt": b""}


@pytest.mark.parametrize("cut", [2, 30, 100])
def test_one_that_breaks_off_gives_what_came_before(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.html").write_bytes(PAGE + b"<img src=" + INLINED[:-cut])
    found = read(tmp_path / "a.html")
    assert found["a.html/1/1 picture.jpeg"] == PICTURE
    assert len(told(found["a.html/messages-1.json"])) == len(found) - 1 == 2


@pytest.mark.parametrize(
    "comment",
    [
        b"<!-- Page saved with SingleFile",
        b"<!--\nArchive processed by SingleFile-->",
        b"<!-- Page saved with SingleFile\n url:\n saved date:\n-->",
        b"<!-- Page saved with SingleFile\n saved date: Sat Foo 99 9999 99:99:99 GMT+9999\n-->",
        b"<!-- Page saved with SingleFile\n url: \xff\xfe\n saved date: today\n--><title>\xff",
        b"<!-- Page saved with SingleFile" + b"\n url: a" * 50_000 + b"--><title>" + b"a" * 9000,
    ],
)
def test_a_page_that_tells_nothing_keeps_its_pictures(tmp_path: Path, comment: bytes) -> None:
    (tmp_path / "a.html").write_bytes(b"<html>" + comment + b"\n" + INLINED)
    found = read(tmp_path)
    assert found["a.html/1/1 picture.jpeg"] == PICTURE
    (one,) = told(found["a.html/messages-1.json"])
    assert (one["subject"], one["date"]) == ("", "")


def test_one_of_too_many_pictures_is_given_up(tmp_path: Path) -> None:
    several = (base64.b64encode(b"picture %d" % n) for n in range(9))
    images = b"".join(b"<img src=data:image/png;base64,%s>" % one for one in several)
    (tmp_path / "a.html").write_bytes(PAGE + images)
    found = read(tmp_path, Limits(inlined=4))
    assert len([path for path in found if path.endswith((".jpeg", ".png"))]) == 4
    assert found["a.html"] is Reason.HOSTILE


@pytest.mark.parametrize("cut", [60, 80, 200])
def test_a_page_whose_zip_breaks_off_is_told(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.html").write_bytes(WITH_ZIP[:-cut])
    (tmp_path / "b.html").write_bytes(PAGE)
    found = read(tmp_path)
    assert found["a.html"] is Reason.DAMAGED
    assert found["b.html/1/1 picture.jpeg"] == PICTURE


def test_a_page_that_is_a_zip_stays_shut_where_zips_do(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"in.zip": zipped({"a.html": WITH_ZIP})}))
    assert read(tmp_path / "a.zip") == {"in.zip/a.html": Reason.NESTED}
    with tarfile.open(tmp_path / "b.tar", "w") as tape:
        info = tarfile.TarInfo("a.html")
        info.size = len(WITH_ZIP)
        tape.addfile(info, io.BytesIO(WITH_ZIP))
    assert read(tmp_path / "b.tar", Limits(nested=100)) == {"a.html": Reason.NESTED}


def test_a_page_that_cannot_be_read_is_told_like_any_file(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.html": PAGE, "b.jpg": PICTURE}))
    at = data.index(b"a.html") + len("a.html")
    data[at : at + 40] = b"\xff" * 40
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "b.zip").write_bytes(zipped({"in.zip": bytes(data)}))
    [tree] = gather([tmp_path / "a.zip"])
    page, picture = tree.members()
    assert not isinstance(page, Skipped)
    assert not isinstance(picture, Skipped)
    assert (page.path, picture.path) == ("a.html", "b.jpg")
    with pytest.raises(Unreadable):
        tree.open(page).read()
    found = read(tmp_path / "b.zip")
    assert found == {"in.zip/a.html": Reason.DAMAGED, "in.zip/b.jpg": PICTURE}


def test_a_page_in_a_tar_that_breaks_off_in_it_is_told(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tape:
        info = tarfile.TarInfo("a.html")
        info.size = len(PAGE)
        tape.addfile(info, io.BytesIO(PAGE))
    (tmp_path / "a.tar").write_bytes((tmp_path / "a.tar").read_bytes()[: 512 + 40])
    assert read(tmp_path / "a.tar")["a.html"] is Reason.TRUNCATED


def test_many_pages_in_one_folder_share_no_bounds(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.html").write_bytes(WITH_ZIP)
    found = read(tmp_path, Limits(total_from=len(PICTURE) * 2, total_ratio=1))
    assert [found[f"{n}.html/images/0.jpg"] for n in range(30)] == [PICTURE] * 30


# --- good ones ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml"])
def test_pictures_of_a_page_are_members(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PAGE)
    found = read(tmp_path / name)
    assert list(found) == [f"{name}/1/1 picture.jpeg", f"{name}/messages-1.json"]
    assert found[f"{name}/1/1 picture.jpeg"] == PICTURE
    (one,) = told(found[f"{name}/messages-1.json"])
    assert one["page"] == "https://pictures.example.com/anna"
    assert one["date"] == "2022-09-24T02:34:32+02:00"


def test_a_pages_text_is_told_with_an_address_for_each_picture(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    document = read(tmp_path)["a.html/messages-1.json"]
    assert isinstance(document, bytes)
    whole = json.loads(document)
    (page,) = whole["pages"]
    address = whole["messages"][0]["pictures"][0][0]
    text = "".join(page["html"])
    assert text == PAGE.replace(INLINED, address.encode()).decode()
    assert address.startswith("https://picture.invalid/")
    assert (page["address"], page["number"]) == ("https://pictures.example.com/anna", 0)


@pytest.mark.parametrize("page", [PAGE, WITH_ZIP])
def test_a_page_is_opened_wherever_it_lies(tmp_path: Path, page: bytes) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.html").write_bytes(page)
    (folder / "b.jpg").write_bytes(PICTURE)
    wanted = {"a.html/images/0.jpg"} if page == WITH_ZIP else {"a.html/1/1 picture.jpeg"}
    for form in ("zip", "gztar"):
        shutil.make_archive(str(tmp_path / "saved"), form, folder)
    for path in (folder, tmp_path / "saved.zip", tmp_path / "saved.tar.gz"):
        found = {name.removeprefix("./"): data for name, data in read(path).items()}
        assert {name for name in found if not name.endswith(".json")} == {"b.jpg", *wanted}
        assert all(found[name] == PICTURE for name in wanted)


def test_a_page_in_a_zip_in_a_zip_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"in.zip": zipped({"a.html": PAGE, "b.html": b"x"})}))
    assert list(read(tmp_path / "a.zip")) == [
        "in.zip/a.html/1/1 picture.jpeg",
        "in.zip/a.html/messages-1.json",
        "in.zip/b.html",
    ]


def test_the_files_of_a_page_that_is_a_zip_are_members(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(WITH_ZIP)
    found = read(tmp_path)
    assert found["a.html/images/0.jpg"] == PICTURE
    data = found["a.html/manifest.json"]
    assert isinstance(data, bytes)
    assert json.loads(data) == TOLD
