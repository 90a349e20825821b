"""A picture's sidecar is found by name, however Google cut, numbered or translated it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from unicodedata import normalize

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.documents import fold, same_folder
from selfcheck.exports.sidecars import clip, sidecar_of, split

Build = Callable[..., Documents]

LONG = "a_picture_whose_name_is_far_longer_than_the_bud"  # 47 units, Google's longest stem
EMOJI = "😀😃😄😁😆😅😂🤣🥲😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛"  # 23 characters of two units each

# Each row has the shape of a reported pair; the names are made up.
PAIRS = [
    ("whole name", "IMG_1.jpg", "IMG_1.jpg.json"),
    ("whole name", "IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
    ("whole name", "IMG_4081.JPG", "IMG_4081.jpg.json"),
    ("whole name", "PXL_1.MP~2.jpg", "PXL_1.MP~2.jpg.json"),
    ("whole name", "IMG_2015_nopm_.jpg", "IMG_2015_nopm_.jpg.supplemental-metadata.json"),
    ("whole name", "cafe\u0301.jpg", "caf\u00e9.jpg.json"),
    ("whole name", f"{LONG}_and_not_cut.jpg", f"{LONG}_and_not_cut.jpg.supplemental-metadata.json"),
    ("counter after the extension", "IMG_3479(1).JPG", "IMG_3479.JPG(1).json"),
    (
        "counter after the extension",
        "CLIP0001(10).AVI",
        "CLIP0001.AVI.supplemental-metadata(10).json",
    ),
    ("counter after the extension", "IMG(1).jpg", "IMG(1).supplemental-metadata.json"),
    ("counter after the extension", "IMG_4081(1).jpg", "IMG_4081.JPG(1).json"),
    ("cut to the budget", f"{LONG}.jpg", f"{LONG[:46]}.json"),
    ("cut to the budget", f"{LONG[:44]}.jpg", f"{LONG[:44]}.j.json"),
    ("cut to the budget", f"{LONG[:43]}.jpg", f"{LONG[:43]}.jp.json"),
    ("cut to the budget", f"{LONG[:44]}(1).jpg", f"{LONG[:44]}.j(1).json"),
    ("cut to the budget", f"{LONG[:35]}.jpg", f"{LONG[:35]}.jpg.supple.json"),
    ("cut to the budget", f"{LONG[:35]}(1).jpg", f"{LONG[:35]}.jpg.supple(1).json"),
    ("cut to the budget", f"{LONG[:46]}m(494).jpg", f"{LONG[:46]}(494).json"),
    ("cut to the budget", f"{LONG[:41]} 2.jpg", f"{LONG[:41]} 2.jp.json"),
    ("cut to the budget", "PXL_20230809_203449253.MADE_UP_EXPOSURE-02.ORIGI.jpg",
     "PXL_20230809_203449253.MADE_UP_EXPOSURE-02.ORI.json"),
    ("cut to the budget", f"{EMOJI}😎(10).jpg", f"{EMOJI}(10).json"),
    ("cut to the budget", f"{EMOJI}😎.jpg", f"{EMOJI}.json"),
    ("cut to the budget", "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg",
     "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"),
    ("cut anywhere", "IMG_1.jpg", "IMG_1.jpg.su.json"),
    ("cut anywhere", f"{LONG}_{LONG}.JPG", f"{LONG}_{LONG}.JP.supplemental-meta.json"),
    ("uploaded without extension", "20030616.jpg", "20030616.json"),
    (
        "uploaded without extension",
        "2234089303984509579.jpg",
        "2234089303984509579.supplemental-metadata.json",
    ),
    ("edited copy", "IMG_1-edited.jpg", "IMG_1.jpg.json"),
    ("edited copy", "IMG_1-edited(1).jpg", "IMG_1.jpg(1).json"),
    ("edited copy", "IMG_1-modifie\u0301.jpg", "IMG_1.jpg.supplemental-metadata.json"),
    ("edited copy", "IMG_1-bearbeitet.jpg", "IMG_1.HEIC.json"),
    ("edited copy", "IMG_1-編集済み.jpg", "IMG_1.jpg.json"),
    ("edited copy", "IMG_1-ha edit(1).JPG", "IMG_1.JPG(1).json"),
    ("edited copy", "IMG_1-ha.JPG", "IMG_1.JPG.json"),
    ("edited copy", "IMG_1-modifi\u00e9.jpg", "IMG_1.jpg.json"),
    ("edited copy", "Stra\u00dfe-bearbeitet.jpg", "Stra\u00dfe.jpg.json"),
    ("edited copy", "PXL_1.PORTRAIT-modifi\u00e9.jpg", "PXL_1.PORTRAIT.jpg.json"),
    ("edited copy", "20030616-edited.jpg", "20030616.json"),
    ("edited copy", f"{LONG[:40]}-edited.jpg", f"{LONG[:40]}.jpg.s.json"),
    ("edited copy", f"{LONG[:43]}-edi.jpg", f"{LONG[:43]}.jp.json"),
    ("edited copy", f"{LONG[:45]}-e.jpg", f"{LONG[:45]}..json"),
    ("edited copy", "IMG_1-edited.MP4", "IMG_1.HEIC.json"),
    ("motion picture", "IMG_1.MP4", "IMG_1.HEIC.json"),
    ("motion picture", "IMG_1", "IMG_1.HEIC.supplemental-metadata.json"),
    ("motion picture", "PXL_1.MP", "PXL_1.MP.jpg.json"),
    ("motion picture", "PXL_1.MP~2.jpg", "PXL_1.MP.jpg.json"),
    ("motion picture", "IMG_1.MOV", "IMG_1.JPG.json"),
    ("motion picture", "IMG_1(1).MP4", "IMG_1.HEIC.supplemental-metadata(1).json"),
    ("motion picture", "IMG_1(1)", "IMG_1.HEIC(1).json"),
    ("motion picture", "MVIMG_20180102_030405.mp4", "MVIMG_20180102_030405.jpg.json"),
    ("motion picture", "PXL_1.MV", "PXL_1.MV.jpg.json"),
    ("motion picture", "PXL_1.MP~2", "PXL_1.MP~2.jpg.json"),
    ("motion picture", "PXL_1.MP~2", "PXL_1.MP.jpg.supplemental-metadata.json"),
    ("copies with one sidecar", "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg",
     "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"),
]  # fmt: skip

# Names that look alike and belong to two pictures.
STRANGERS = [
    ("PXL_20211013_220651958.jpg", "PXL_20211013_220651983.jpg.json"),
    ("DSC_0102(1).JPG", "DSC_0102.JPG(2).json"),
    ("DSC_0103.JPG", "DSC_0103.JPG(1).json"),
    ("DSC_0104(1).JPG", "DSC_0104.JPG.json"),
    (f"{LONG[:46]}m(185).jpg", f"{LONG[:46]}(494).json"),
    ("IMG_2-edited.jpg", "IMG_1.jpg.json"),
    ("IMG_1-e.jpg", "IMG_1.jpg.json"),
    ("PXL_1.PORTRAIT-edited.jpg", "PXL_2.PORTRAIT.jpg.json"),
    ("IMG_1(10).jpg", "IMG_1.jpg(1).json"),
    ("IMG_1.jpg", "IMG_10.jpg.json"),
    ("-edited.jpg", ".jpg.json"),
    ("IMG_1.jpg", "metadata.json"),
]


SUFFIXES = (
    *("edited", "edytowane", "bearbeitet", "bewerkt", "編集済み", "编辑", "modificato", "modifié"),
    *("ha editado", "editado", "editat", "отредактировано", "편집됨", "muokattu"),
    *("відредаговано", "redigeret", "upravené"),
    *("effects", "smile", "mix", "collage", "animation", "motion"),
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_edited_copy_is_known_in_every_language_seen(
    build: Build, suffix: str, form: Literal["NFC", "NFD"]
) -> None:
    name = normalize(form, f"IMG_1-{suffix}")
    docs = build(
        {f"A/{name}.jpg": None, f"A/{name}(12).jpg": None},
        {"A/IMG_1.jpg.json": {}, "A/IMG_1.jpg.supplemental-metadata(12).json": {}},
    )
    assert sidecar_of(docs, 0) == (2, "edited copy")
    assert sidecar_of(docs, 1) == (3, "edited copy")


@pytest.mark.parametrize("length", range(len(".supplemental-metadata") + 1))
def test_name_of_any_length_leaves_what_the_budget_allows_of_the_suffix(
    build: Build, length: int
) -> None:
    picture = f"{LONG[: 42 - length]}.jpg"
    sidecar = f"{picture}{'.supplemental-metadata'[:length]}"
    assert len(sidecar) == 46  # as seen in 46,000 names (2025)
    docs = build({f"A/{picture}": None, f"A/{sidecar}.json": {}})
    assert sidecar_of(docs, 0) is not None


@pytest.mark.parametrize("folder", ["Sommer 😀", "Summer ", "Été", "A/B"])
def test_folder_with_any_name_holds_both(build: Build, folder: str) -> None:
    docs = build({f"G/{folder}/1.jpg": None}, {f"G/{normalize('NFD', folder)}/1.jpg.json": {}})
    assert sidecar_of(docs, 0) == (1, "whole name")


@pytest.mark.parametrize(("picture", "sidecar"), STRANGERS)
def test_alike_name_of_another_picture_is_left_alone(
    build: Build, picture: str, sidecar: str
) -> None:
    docs = build({f"A/{picture}": None, f"A/{sidecar}": {}})
    assert sidecar_of(docs, 0) is None


@pytest.mark.parametrize(("rule", "picture", "sidecar"), PAIRS)
def test_sidecar_is_found_by_the_rule_that_names_it(
    build: Build, rule: str, picture: str, sidecar: str
) -> None:
    docs = build({f"A/{picture}": None, f"A/{sidecar}": {}})
    assert sidecar_of(docs, 0) == (1, rule)


@pytest.mark.parametrize(("rule", "picture", "sidecar"), PAIRS)
def test_sidecar_in_another_part_under_another_root_is_found(
    build: Build, rule: str, picture: str, sidecar: str
) -> None:
    here, there = "Takeout/Google Photos/A", "Takeout 2/Google Photos/A"
    docs = build({f"{here}/{picture}": None}, {f"{there}/{sidecar}": {}})
    assert sidecar_of(docs, 0) == (1, rule)


def test_sidecar_of_another_folder_is_left_alone(build: Build) -> None:
    docs = build({"2023/Lake/IMG_1.jpg": None, "2022/Lake/IMG_1.jpg.json": {}})
    assert sidecar_of(docs, 0) is None


def test_sidecar_in_the_same_folder_comes_before_one_of_another_part(build: Build) -> None:
    docs = build({"X/P/A/1.jpg.json": {}, "Y/P/A/1.jpg": None, "Y/P/A/1.jpg.json": {}})
    assert sidecar_of(docs, 1) == (2, "whole name")


def test_names_are_cut_in_utf16_units_and_never_inside_a_character() -> None:
    assert clip("a" * 50) == "a" * 46
    assert clip("😀" * 30) == "😀" * 23
    assert clip("a" + "😀" * 30) == "a" + "😀" * 22
    assert clip("\ud83d" * 50) == ""


@pytest.mark.parametrize("name", ["", ".", ".jpg", "a", "(1)", "(1).jpg", "a.b.c", "x" * 5000])
def test_odd_names_come_apart_without_error(build: Build, name: str) -> None:
    pieces = split(name)
    assert pieces.stem + pieces.counter + pieces.extension == name
    docs = build({f"A/{name}": None})
    assert sidecar_of(docs, 0) is None


def test_folders_are_the_same_only_when_their_roots_alone_differ() -> None:
    assert same_folder(fold("Takeout/Google Photos/Lake"), fold("Takeout 2/Google Photos/Lake"))
    assert same_folder("lake", "takeout/google photos/lake")
    assert not same_folder("2022/lake", "2023/lake")
    assert not same_folder("lake", "blake")
