"""Every fixture as real archives: packed again by programs that write names in their own way.

Old Windows and Linux programs write names in code page 437, macOS writes UTF-8 without saying so
and takes letters apart (NFD); and downloads break off anywhere.
"""

from __future__ import annotations

import io
import json
import random
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from export_fixtures import BY_NAME, CASES, Json, expected_of, ordered, outcome, parts_of
from exports.conftest import in_bytes
from page_reading import ReadsHere

from selfcheck.exports import Documents, recognise
from selfcheck.model import Member, Picture, Skipped
from selfcheck.sources import PartsTree, gather

Encode = Callable[[str], bytes | None]


class Named(zipfile.ZipInfo):
    """An entry whose name is written as it is given, in bytes that no flag says are UTF-8."""

    raw: bytes

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- zipfile's own
        return self.raw, self.flag_bits & ~0x800


def cp437(path: str) -> bytes | None:
    try:
        return path.encode("cp437")
    except UnicodeEncodeError:
        return None  # such a program could not have written it


WAYS: dict[str, Encode] = {
    "as UTF-8": lambda path: None,
    "in code page 437": cp437,
    "as UTF-8 without the flag": lambda path: path.encode(),
    "taken apart": lambda path: unicodedata.normalize("NFD", path).encode(),
}


def packed(part: dict[str, Json], encode: Encode) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in part.items():
            data = in_bytes(content)
            assert isinstance(data, bytes)
            raw = encode(path)
            if raw is None:
                archive.writestr(path, data)
            else:
                entry = Named(path)
                entry.raw, entry.compress_type = raw, zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
    return target.getvalue()


def rezipped(case: tuple[str, str], folder: Path, encode: Encode) -> PartsTree:
    paths = []
    for number, part in enumerate(parts_of(case)):
        paths.append(folder / f"export-{number + 1:03}.zip")
        paths[-1].write_bytes(packed(part, encode))
    (tree,) = gather(paths)
    return tree


def whole(result: Json) -> Json:
    """Give a result in an order of its own, its letters whole (NFC)."""
    text = json.dumps(result, ensure_ascii=False)
    return ordered(json.loads(unicodedata.normalize("NFC", text)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_an_export_that_was_zipped_again_gives_the_same(
    case: tuple[str, str], way: str, tmp_path: Path
) -> None:
    tree = rezipped(case, tmp_path, WAYS[way])
    members = [one for one in tree.members() if isinstance(one, Member)]
    docs = Documents.of(tree, members, ReadsHere())
    assert recognise(docs).name == case[0]
    assert whole(outcome(BY_NAME[case[0]], docs)) == whole(expected_of(case))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_an_export_that_breaks_off_loses_no_more_than_was_cut(
    case: tuple[str, str], seed: int, tmp_path: Path
) -> None:
    draw = random.Random(seed)
    files = {path: value for part in parts_of(case) for path, value in part.items()}
    data = packed(files, WAYS["as UTF-8"])
    path = tmp_path / "export.zip"
    path.write_bytes(data[: draw.randrange(4, len(data))])
    (tree,) = gather([path])
    listed = list(tree.members())
    members = [one for one in listed if isinstance(one, Member)]
    assert len(members) == len(files) or any(isinstance(one, Skipped) for one in listed)
    docs = Documents.of(tree, members)
    for found in recognise(docs).read(docs):
        assert found is not None


def test_a_sidecar_is_found_though_its_pictures_zip_was_made_anew(tmp_path: Path) -> None:
    name = "Takeout/Google Fotos/Fotos von 2023/Müllers Garten.jpg"
    sidecar = {"title": "Müllers Garten.jpg", "photoTakenTime": {"timestamp": "1695394176"}}
    (tmp_path / "takeout-1-001.zip").write_bytes(packed({name: None}, cp437))
    told = packed({f"{name}.supplemental-metadata.json": sidecar}, WAYS["as UTF-8"])
    (tmp_path / "takeout-1-002.zip").write_bytes(told)
    (tree,) = gather(sorted(tmp_path.iterdir()))
    members = [one for one in tree.members() if isinstance(one, Member)]
    docs = Documents.of(tree, members, ReadsHere())
    (found,) = recognise(docs).read(docs)
    assert isinstance(found, Picture)
    assert (found.member.path, found.member.part) == (name, 0)
    assert found.context.listed_in == f"{name}.supplemental-metadata.json"


def taped(part: dict[str, Json], mode: Literal["w", "w:gz"]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        for path, content in part.items():
            data = in_bytes(content)
            assert isinstance(data, bytes)
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("case", ["2019", "2024"])
def test_mastodons_archive_gives_the_same_however_it_is_packed(
    case: str, ending: str, tmp_path: Path
) -> None:
    (part,) = parts_of(("mastodon", case))
    path = tmp_path / f"archive.{ending}"
    if ending == "zip":
        path.write_bytes(packed(part, WAYS["as UTF-8"]))
    else:
        path.write_bytes(taped(part, "w:gz" if ending.endswith("gz") else "w"))
    (tree,) = gather([path])
    members = [one for one in tree.members() if isinstance(one, Member)]
    members += [met[0] for met in tree.stream() if isinstance(met, tuple)]
    docs = Documents.of(tree, members)
    assert recognise(docs).name == "mastodon"
    assert whole(outcome(recognise(docs), docs)) == whole(expected_of(("mastodon", case)))
