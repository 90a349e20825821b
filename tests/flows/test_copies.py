"""A picture in several sizes is one exposure, and only pictures of the owner are hashed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from stage import Export, Owner, compared, report, run

from selfcheck.ledger import Ledger
from selfcheck.pictures import Still, decode, fingerprint


def smaller(data: bytes) -> bytes:
    image = Image.open(io.BytesIO(data))
    out = io.BytesIO()
    image.resize((image.width * 3 // 4, image.height * 3 // 4)).save(out, "JPEG", quality=70)
    return out.getvalue()


def of(data: bytes) -> bytes:
    still = decode(data)
    assert isinstance(still, Still)
    return fingerprint(np.ascontiguousarray(still.rgb))


def folder_of(export: Export, place: Path) -> Path:
    """Two pictures of the owner, each large and small, and one of a stranger, likewise."""
    for name in ("mine-1.jpg", "mine-2.jpg", "theirs-0.jpg"):
        data = next(data for path, data in export.files.items() if path.endswith(f"/{name}"))
        (place / name).write_bytes(data)
        (place / f"small-{name}").write_bytes(smaller(data))
    return place


def test_no_fingerprint_of_a_picture_without_the_owner_is_kept(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    folder = folder_of(export, tmp_path)
    run(owner, folder)
    held = owner.home.ledger.read_bytes()
    kept = {path.name for path in folder.iterdir() if of(path.read_bytes()) in held}
    assert kept == {"mine-1.jpg", "mine-2.jpg", "small-mine-1.jpg", "small-mine-2.jpg"}
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        hashed = {one.path for each in ledger.exposures() for one in each.occurrences}
    assert hashed == kept


def test_two_sizes_of_a_picture_are_one_exposure_and_every_file_is_accounted_for(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    folder = folder_of(export, tmp_path)
    outcome = run(owner, folder, workers=1)
    found = report(owner)
    names = [
        [place.path for one in (each, *each.copies) for place in one.occurrences]
        for each in found.exposures
    ]
    assert names == [["mine-1.jpg", "small-mine-1.jpg"], ["mine-2.jpg", "small-mine-2.jpg"]]
    assert (outcome.accounting.found, outcome.accounting.checked) == (6, 6)
    assert outcome.accounting.balances()
    alone = compared(owner)
    owner.forget_scans()
    run(owner, folder, workers=2)
    assert compared(owner) == alone
