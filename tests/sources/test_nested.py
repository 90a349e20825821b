"""Zips within archives: one level is read, within bounds, and the rest has a reason."""

from __future__ import annotations

import io
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck.model import Member, Reason, Skipped, Unreadable
from selfcheck.sources import Limits, PartsTree, gather

PICTURE = b"\xff\xd8\xff\xe0 stands for a picture " * 9
Found = dict[str, bytes | Reason]
ALBUM = "iCloud Shared Albums.zip"


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def taped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def tree_of(path: Path, data: bytes, limits: Limits | None = None) -> PartsTree:
    path.write_bytes(data)
    [tree] = gather([path], limits)
    return tree


def read(tree: PartsTree) -> Found:
    found: Found = {}
    for listed in tree.members():
        if isinstance(listed, Skipped):
            found[listed.item] = listed.reason
        else:
            found[listed.path] = tree.open(listed).read()
    for met in tree.stream():
        if isinstance(met, Skipped):
            found[met.item] = met.reason
            continue
        try:
            found[met[0].path] = met[1].read()
        except Unreadable as trouble:
            found[met[0].path] = trouble.reason
    return found


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (b"PK", Reason.DAMAGED),
        (b"", Reason.DAMAGED),
        (b"%PDF-1.7", Reason.DAMAGED),
        (zipped({"b.jpg": PICTURE})[:-40], Reason.TRUNCATED),
    ],
)
@pytest.mark.parametrize("pack", [zipped, taped])
def test_a_broken_zip_inside_costs_no_others(
    tmp_path: Path, pack: object, inner: bytes, reason: Reason
) -> None:
    assert callable(pack)
    found = read(tree_of(tmp_path / "a.bin", pack({"a.jpg": PICTURE, "in.zip": inner})))
    assert found["a.jpg"] == PICTURE
    assert found["in.zip"] is reason


def test_a_zip_in_a_zip_in_a_zip_stays_shut(tmp_path: Path) -> None:
    deep = zipped({"b.zip": zipped({"c.jpg": PICTURE}), "b.jpg": PICTURE})
    assert read(tree_of(tmp_path / "a.zip", zipped({"in.zip": deep}))) == {
        "in.zip/b.zip": Reason.NESTED,
        "in.zip/b.jpg": PICTURE,
    }


def test_zips_inside_share_what_the_archive_may_unpack_to(tmp_path: Path) -> None:
    bomb = zipped({"b.bmp": bytes(500_000)}, zipfile.ZIP_DEFLATED)
    limits = Limits(total_from=1_200_000, total_ratio=1, ratio_from=10**9)
    files = {f"{n}.zip": bomb for n in range(5)}
    found = read(tree_of(tmp_path / "a.zip", zipped(files), limits))
    assert [name for name, value in found.items() if isinstance(value, bytes)] == [
        "0.zip/b.bmp",
        "1.zip/b.bmp",
    ]
    assert {found[f"{n}.zip"] for n in (2, 3, 4)} == {Reason.HOSTILE}


def test_a_file_inside_that_unpacks_beyond_measure_is_given_up(tmp_path: Path) -> None:
    bomb = zipped({"b.bmp": bytes(3_000_000), "c.jpg": PICTURE}, zipfile.ZIP_DEFLATED)
    limits = Limits(ratio_from=1000)
    assert read(tree_of(tmp_path / "a.zip", zipped({"in.zip": bomb}), limits)) == {
        "in.zip/b.bmp": Reason.HOSTILE,
        "in.zip/c.jpg": PICTURE,
    }


def test_a_zip_that_would_have_to_be_held_and_is_too_large_stays_shut(tmp_path: Path) -> None:
    files = {"in.zip": zipped({"b.jpg": PICTURE}), "a.jpg": PICTURE}
    assert read(tree_of(tmp_path / "a.tgz", taped(files), Limits(nested=100))) == {
        "a.tgz/in.zip": Reason.NESTED,
        "a.jpg": PICTURE,
    }


def test_names_inside_lead_nowhere(tmp_path: Path) -> None:
    inner = zipped({"../../etc/x.jpg": PICTURE, "/y.jpg": PICTURE, "n" * 5000: b""})
    found = read(tree_of(tmp_path / "a.zip", zipped({"in.zip": inner})))
    assert {name[:30]: value for name, value in found.items()} == {
        "in.zip/etc/x.jpg": PICTURE,
        "in.zip/y.jpg": PICTURE,
        "in.zip/" + "n" * 23: Reason.HOSTILE,
    }


def test_another_one_is_read_on_after_one_that_nobody_read(tmp_path: Path) -> None:
    inner = zipped({"1.jpg": PICTURE, "2.jpg": PICTURE}, zipfile.ZIP_DEFLATED)
    tree = tree_of(tmp_path / "a.zip", zipped({"in.zip": inner}))
    list(tree.members())
    stream = (met for met in tree.stream() if isinstance(met, tuple))
    first, second = next(stream), next(stream)
    assert second[1].read() == PICTURE
    assert list(stream) == []
    with pytest.raises(Unreadable):
        first[1].read()


# --- good ones ---------------------------------------------------------------------------


@pytest.mark.parametrize("outer", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("inner", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_shared_albums_of_icloud_are_members(tmp_path: Path, outer: int, inner: int) -> None:
    root = "iCloud Photos Part 1 of 1"
    album = zipped({"My Albums/": b"", "My Albums/Garden/1.jpg": PICTURE}, inner)
    files = {f"{root}/Photos/0.jpg": PICTURE, f"{root}/{ALBUM}": album}
    tree = tree_of(tmp_path / f"{root}.zip", zipped(files, outer))
    assert read(tree) == {
        f"{root}/Photos/0.jpg": PICTURE,
        f"{root}/{ALBUM}/My Albums/Garden/1.jpg": PICTURE,
    }
    assert tree.streamed


def test_a_zip_in_a_tar_is_read(tmp_path: Path) -> None:
    files = {"Takeout/Drive/old.zip": zipped({"b.jpg": PICTURE}), "Takeout/c.jpg": PICTURE}
    assert read(tree_of(tmp_path / "a.tgz", taped(files))) == {
        "Takeout/Drive/old.zip/b.jpg": PICTURE,
        "Takeout/c.jpg": PICTURE,
    }


def test_documents_inside_can_be_opened_again(tmp_path: Path) -> None:
    inner = zipped({"AlbumInfo.json": b"{}", "1.jpg": PICTURE})
    tree = tree_of(tmp_path / "a.zip", zipped({"in.zip": inner}))
    list(tree.members())
    members: list[Member] = [met[0] for met in tree.stream() if isinstance(met, tuple)]
    assert tree.open(members[0]).read() == b"{}"
    with pytest.raises(Unreadable):
        tree.open(members[1])


def test_mail_inside_a_zip_inside_is_opened_as_well(tmp_path: Path) -> None:
    mail = b"Subject: x\nContent-Type: image/jpeg; name=a.jpg\n\n" + PICTURE
    data = zipped({"in.zip": zipped({"a.eml": mail})})
    assert set(read(tree_of(tmp_path / "a.zip", data))) == {
        "in.zip/a.eml/1/1 a.jpg",
        "in.zip/a.eml/messages-1.json",
    }


def test_a_zip_that_says_too_much_costs_the_other_zips_nothing(tmp_path: Path) -> None:
    lying = bytearray(zipped({"large.jpg": PICTURE}))
    at = lying.index(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (0xFFFFFFFE).to_bytes(4, "little")
    outer = {"a.zip": bytes(lying), "b.zip": zipped({"b.jpg": PICTURE})}
    limits = Limits(total_from=1000, total_ratio=2)
    found = read(tree_of(tmp_path / "export.zip", zipped(outer), limits))
    assert PICTURE in found.values()
    assert Reason.HOSTILE in found.values()


def test_files_inside_have_the_time_of_their_entry(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(zipfile.ZipInfo("b.jpg", (1980, 1, 1, 0, 0, 2)), PICTURE)
    tree = tree_of(tmp_path / "a.zip", zipped({"in.zip": inner.getvalue()}))
    list(tree.members())
    stamps = [met[0].stamp for met in tree.stream() if isinstance(met, tuple)]
    assert stamps == [int(datetime(1980, 1, 1, 0, 0, 2, tzinfo=UTC).timestamp())]
