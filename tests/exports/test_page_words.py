"""What saved pages say of their pictures, of every kind of saved page, from the file on."""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_reading import ReadsHere
from sources.test_holders import answer, record
from sources.test_nested import zipped

from selfcheck.exports import Documents, PageReader, ReadPage, recognise
from selfcheck.exports.page_words import NoPages, ReadImage, Words
from selfcheck.model import Context, Member, Picture
from selfcheck.sources import gather

PICTURE = b"\xff\xd8\xff\xe0 stands for a picture " * 9
ENCODED = base64.encodebytes(PICTURE).decode()
INLINED = "data:image/jpeg;base64," + base64.b64encode(PICTURE).decode()
PAGE = "https://pictures.example.com/anna"
IMAGE = "https://cdn.example.com/a/1.jpg?size=large"
FIGURE = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>Anna&#39;s\n page</title></head>"
    '<body><img src="other.jpg" alt="Somebody else"><figure><img src="%s" width=40 height=40'
    ' alt="In the garden"><figcaption>Summer <b>at</b> the lake</figcaption></figure></body></html>'
)
SAID = "Summer at the lake\nIn the garden"
FULL = (PAGE, SAID, "Anna's page")


def context(path: Path, reader: PageReader | None = None) -> list[Context]:
    """Read all that is told of the pictures of what lies at a path."""
    (tree,) = gather([path])
    members = [one for one in tree.members() if isinstance(one, Member)]
    members += [met[0] for met in tree.stream() if isinstance(met, tuple)]
    docs = Documents.of(tree, members, reader or ReadsHere())
    return [one.context for one in recognise(docs).read(docs) if isinstance(one, Picture)]


def told(path: Path) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.permalink, one.caption, one.album) for one in context(path)]


def mhtml(page: str, *parts: str, head: str = f"Snapshot-Content-Location: {PAGE}\n") -> bytes:
    each = "".join(f"--x\n{part}\n" for part in parts)
    return (
        f'{head}MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n'
        f"--x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{page}\n"
        f"{each}--x--\n"
    ).encode()


def part(name: str) -> str:
    return f"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n{name}\n\n{ENCODED}"


def singlefile(page: str = FIGURE) -> bytes:
    comment = f"<!--\n Page saved with SingleFile \n url: {PAGE} \n-->"
    return page.replace("<html>", f"<html>{comment}").replace("%s", INLINED).encode()


# --- bad input ---------------------------------------------------------------------------


class Lost:
    """A reader that every page is too much for."""

    def matters(self, member: Member) -> bool:
        return True

    def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:
        return None


@pytest.mark.parametrize("reader", [Lost(), NoPages()])
def test_a_page_that_is_not_read_says_nothing_and_its_address_is_known_all_the_same(
    tmp_path: Path, reader: PageReader
) -> None:
    (tmp_path / "a.html").write_bytes(singlefile())
    (tmp_path / "b.mht").write_bytes(mhtml(f"\n{FIGURE}", part("Content-ID: <1>")))
    (tmp_path / "c.html").write_text(f"<!-- saved from url=(0001){PAGE} -->{FIGURE}")
    (tmp_path / "c_files").mkdir()
    (tmp_path / "c_files" / "1.jpg").write_bytes(PICTURE)
    found = context(tmp_path, reader)
    assert [(one.permalink, one.caption) for one in found] == [(PAGE, None)] * 3


@pytest.mark.parametrize("reader", [Lost(), NoPages()])
def test_a_web_archive_whose_pages_are_not_read_keeps_the_pictures_own_address(
    tmp_path: Path, reader: PageReader
) -> None:
    (tmp_path / "a.warc").write_bytes(archive())
    assert [one.permalink for one in context(tmp_path, reader)] == [IMAGE.partition("?")[0]]


@pytest.mark.parametrize(
    "page",
    [
        {"form": "utf-16", "html": ["x"]},
        {"form": "utf-8", "html": "x"},
        {"form": "utf-8", "html": [1]},
        {"form": "latin-1", "html": ["\u20ac"], "number": "x", "charset": 7},
        {"form": "utf-8", "html": ["\ud800"]},
        {"form": [], "html": []},
        7,
    ],
)
def test_a_document_that_somebody_made_up_says_nothing(tmp_path: Path, page: object) -> None:
    message = {"number": 1, "page": PAGE, "subject": "", "pictures": [["https://[", 7], 3]}
    (tmp_path / "a.html").mkdir()
    document = json.dumps({"messages": [message], "pages": [page]})
    (tmp_path / "a.html" / "messages-1.json").write_text(document)
    (tmp_path / "a.html" / "1").mkdir()
    (tmp_path / "a.html" / "1" / "1 a.jpg").write_bytes(PICTURE)
    assert told(tmp_path) == [(PAGE, None, None)]


def test_images_of_one_name_without_end_are_not_all_looked_through() -> None:
    class Many(Lost):
        def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:
            images = (ReadImage(addresses=(f"https://a.example/{n}/1.jpg",)) for n in range(5000))
            return ReadPage(images=tuple(images))

    words = Words.of(Many(), b"x")
    assert words.said_of_file("1/1.jpg") == ""
    assert words.said_of_file("4000/1.jpg") is None
    assert words.said([f"https://a.example/{4000}/1.jpg"]) == ""


# --- good ones ---------------------------------------------------------------------------


def archive(page: str = PAGE) -> bytes:
    html = FIGURE.replace("%s", IMAGE.replace("https:", "")).encode()
    return record("response", IMAGE, answer(PICTURE)) + record(
        "response", page, answer(html, kind="text/html; charset=utf-8")
    )


def test_a_page_with_its_folder(tmp_path: Path) -> None:
    saved = FIGURE.replace("%s", "./Anna%20und%20Ben_files/1%20(2).jpg")
    (tmp_path / "Anna und Ben.html").write_text(f"<!-- saved from url=(0033){PAGE} -->{saved}")
    folder = tmp_path / "Anna und Ben_files"
    folder.mkdir()
    (folder / "1 (2).jpg").write_bytes(PICTURE)
    (folder / "2.jpg").write_bytes(PICTURE)
    assert told(tmp_path) == [FULL, (PAGE, "Anna's page", None)]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anna #1? 50%20_files/1.jpg", "Anna%20%231%3F%2050%2520_files/1.jpg"),
        ("Zoë_files/É.jpg", "Zoe%CC%88_files/e%CC%81.jpg"),
        ("Anna_files/a/1.jpg", "Anna_files/a/1.jpg?size=large#here"),
    ],
)
def test_a_file_with_a_strange_name_is_known_by_its_address(
    tmp_path: Path, name: str, written: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_bytes(PICTURE)
    page = name.partition("_files/")[0]
    (tmp_path / f"{page}.html").write_text(FIGURE.replace("%s", written))
    found = context(tmp_path)
    assert [(one.caption, one.album) for one in found] == [(SAID, "Anna's page")]


def test_a_page_whose_base_leads_elsewhere(tmp_path: Path) -> None:
    page = FIGURE.replace("%s", "Anna_files/1.jpg")
    (tmp_path / "Anna.html").write_text(page.replace("<head>", f"<head><base href='{PAGE}/x/'>"))
    (tmp_path / "Anna_files").mkdir()
    (tmp_path / "Anna_files" / "1.jpg").write_bytes(PICTURE)
    assert told(tmp_path) == [(None, SAID, "Anna's page")]


def test_a_page_within_a_saved_page(tmp_path: Path) -> None:
    (tmp_path / "Anna.html").write_text(f"<!-- saved from url=(0033){PAGE} --><title>Anna</title>")
    (tmp_path / "Anna_files").mkdir()
    frame = tmp_path / "Anna_files" / "saved_resource.html"
    frame.write_text(FIGURE.replace("%s", "./1.jpg"))
    (tmp_path / "Anna_files" / "1.jpg").write_bytes(PICTURE)
    assert told(tmp_path) == [(PAGE, SAID, "Anna")]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (IMAGE, f"Content-Location: {IMAGE}"),
        ("../a/1.jpg", "Content-Location: https://pictures.example.com/a/1.jpg"),
        ("cid:1@x", "Content-ID: <1@x>"),
        ("cid:1@x", f"Content-ID: <1@x>\nContent-Location: {IMAGE}"),
        (INLINED, ""),
    ],
)
def test_a_page_saved_as_mhtml(tmp_path: Path, source: str, name: str) -> None:
    page = f"Content-Location: {PAGE.replace('anna', 'x/anna')}\n\n{FIGURE.replace('%s', source)}"
    extra = [part(name)] if name else []
    (tmp_path / "a.mhtml").write_bytes(mhtml(page, *extra))
    assert told(tmp_path) == [FULL]


def test_a_page_that_was_saved_from_a_disk_says_where_nothing_is_in_the_web(tmp_path: Path) -> None:
    page = (
        f"Content-Location: file:///C:/My%20page/a.htm\n\n{FIGURE.replace('%s', 'a_files/1.jpg')}"
    )
    picture = part("Content-Location: file:///C:/My%20page/a_files/1.jpg")
    (tmp_path / "a.mht").write_bytes(mhtml(page, picture, head=""))
    assert told(tmp_path) == [(None, SAID, "Anna's page")]


def test_a_frame_of_a_page_saved_as_mhtml(tmp_path: Path) -> None:
    frame = (
        "Content-Type: text/html\nContent-ID: <frame@x>\n\n"
        f"{FIGURE.replace('%s', IMAGE).replace('Anna', 'Frame')}"
    )
    page = f"Content-Location: {PAGE}\n\n<title>Anna</title><iframe src=cid:frame@x></iframe>"
    data = mhtml(page, frame, part(f"Content-Location: {IMAGE}"))
    (tmp_path / "a.mht").write_bytes(data)
    assert told(tmp_path) == [(PAGE, SAID, "Anna")]


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_a_web_archive_tells_each_page_of_a_picture_and_its_own_address(
    tmp_path: Path, form: str
) -> None:
    data = archive() + archive(f"{PAGE}?page=2")
    if form == "wacz":
        data = zipped({"archive/a.warc": data, "datapackage.json": b"{}"})
    (tmp_path / f"a.{form}").write_bytes(data)
    own = ("https://cdn.example.com/a/1.jpg", None, None)
    two = [FULL, (f"{PAGE}?page=2", SAID, "Anna's page"), own]
    assert told(tmp_path) == two * 2  # it is there twice


def test_a_page_in_an_older_charset_is_read_in_it(tmp_path: Path) -> None:
    html = f"<title>Zażółć</title><img src={IMAGE} alt='gęślą jaźń'>".encode("iso-8859-2")
    data = record("response", PAGE, answer(html, kind="text/html; charset=iso-8859-2"))
    (tmp_path / "a.warc").write_bytes(data + record("response", IMAGE, answer(PICTURE)))
    assert told(tmp_path)[0] == (PAGE, "gęślą jaźń", "Zażółć")


def test_a_page_that_singlefile_saved(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(singlefile())
    assert told(tmp_path) == [FULL]
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tape:
        tape.add(tmp_path / "a.html", "a.html")
    assert told(tmp_path / "b.tar.gz") == [FULL]


def test_a_page_that_singlefile_saved_and_that_is_longer_than_any_that_is_read(
    tmp_path: Path,
) -> None:
    large = base64.b64encode(bytes(9 << 20)).decode()
    page = FIGURE.replace("<figure>", f"<img src=data:image/png;base64,{large}><figure>")
    (tmp_path / "a.html").write_bytes(singlefile(page))
    assert told(tmp_path)[1] == FULL


@pytest.mark.parametrize("plain", [True, False])
def test_a_page_that_singlefile_saved_as_a_zip(tmp_path: Path, *, plain: bool) -> None:
    comment = b"" if plain else b"<!-- Page saved with SingleFile -->"
    index = comment + FIGURE.replace("%s", "images/0.jpg").encode()
    manifest = json.dumps({"originalUrl": PAGE, "title": "Anna's page"}).encode()
    files = {"manifest.json": manifest, "index.html": index, "images/0.jpg": PICTURE}
    page = b"<html data-sfz><!-- Page saved with SingleFile --><script></script><!--"
    (tmp_path / "a.html").write_bytes(page + zipped(files) + b"-->")
    assert told(tmp_path) == [FULL]


def many(tmp_path: Path) -> Iterator[Path]:
    for name in ("a", "b"):
        folder = tmp_path / f"{name}_files"
        folder.mkdir()
        page = FIGURE.replace("%s", f"{name}_files/1.jpg")
        (tmp_path / f"{name}.html").write_text(page)
        for number in range(5):
            (folder / f"{number}.jpg").write_bytes(PICTURE)
        yield folder


def test_each_page_is_read_once_and_only_for_pictures_that_matter(tmp_path: Path) -> None:
    class Second(ReadsHere):
        def matters(self, member: Member) -> bool:
            return member.path.startswith("b_")

    assert len(list(many(tmp_path))) == 2
    reader = Second()
    found = context(tmp_path, reader)
    assert len(reader.asked) == 1
    assert [one.caption for one in found if one.caption == SAID] == [SAID]
    everything = ReadsHere()
    context(tmp_path, everything)
    assert len(everything.asked) == 2
    assert io.BytesIO(everything.asked[0][0]).read(15) == b"<!DOCTYPE html>"
