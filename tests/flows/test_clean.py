"""Copies without metadata on the disk: what is refused, what they are called, who remembers."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from lost_pictures import calls, looks, tampers, writes

from selfcheck.errors import LedgerError
from selfcheck.flows import cleaning
from selfcheck.flows.clean import KIND, CleanCopy, NotCleaned, _left, _names, clean_copies
from selfcheck.flows.crew import Crew, Setup
from selfcheck.flows.forget import written_files
from selfcheck.ledger import Ledger
from selfcheck.model import Reason, Skipped
from selfcheck.pictures import Format, film_bytes, metadata, save
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GREY = np.full((48, 64, 3), 128, np.uint8)
PHOTO = save(GREY, Format.JPEG, gps=(48.1, 11.5))


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Give one worker, which looks at no face."""
    cache = tmp_path_factory.mktemp("clean") / "cache"
    with Crew(Setup(engine=None, cache=cache), workers=1) as one:
        yield one


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(root=tmp_path / "home")
    found.prepare()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    return made


def put(path: Path, data: bytes = PHOTO) -> Path:
    path.write_bytes(data)
    return path


def run(
    crew: Crew, home: Home, *originals: Path, to: Path | None = None
) -> list[CleanCopy | NotCleaned]:
    return list(clean_copies(originals, home=home, crew=crew, now=NOW, to=to))


def refused(crew: Crew, home: Home, original: Path, to: Path | None = None) -> NotCleaned:
    (done,) = run(crew, home, original, to=to)
    assert isinstance(done, NotCleaned)
    assert str(original.parent) in done.sentence
    assert done.sentence.endswith(".")
    assert done.hint
    assert written_files(home) == ()
    return done


def copied(crew: Crew, home: Home, original: Path, to: Path | None = None) -> CleanCopy:
    (done,) = run(crew, home, original, to=to)
    assert isinstance(done, CleanCopy), done
    return done


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"only text", "its content is text"),
        (PHOTO[:200], "the file ends too early"),
        (b"\xff\xd8" + b"\xff\xfe\0\2" * 20_001, "20,000 segments"),
        (b"8BPS", "Photoshop"),
    ],
)
def test_what_cannot_be_cleaned_is_one_sentence_and_leaves_no_file(
    crew: Crew, home: Home, folder: Path, data: bytes, words: str
) -> None:
    original = put(folder / "photo.jpg", data)
    assert words in refused(crew, home, original).sentence
    assert list(folder.iterdir()) == [original]


def test_a_film_is_said_not_to_be_cleaned_yet(crew: Crew, home: Home, folder: Path) -> None:
    done = refused(crew, home, put(folder / "film.mp4", film_bytes([GREY] * 2, 10)))
    assert done.sentence.endswith("film.mp4 was not cleaned: films are not cleaned yet.")


def test_a_folder_is_named_as_one(crew: Crew, home: Home, folder: Path) -> None:
    assert "is a folder" in refused(crew, home, folder).sentence


def test_a_link_is_not_followed(crew: Crew, home: Home, folder: Path) -> None:
    link = folder / "link.jpg"
    link.symlink_to(put(folder / "photo.jpg"))
    assert Reason.LINK.value in refused(crew, home, link).sentence


def test_a_picture_below_a_folder_that_is_a_link_is_cleaned(
    crew: Crew, home: Home, folder: Path
) -> None:
    put(folder / "photo.jpg")
    link = folder.with_name("elsewhere")
    link.symlink_to(folder)
    assert copied(crew, home, link / "photo.jpg").copy == link / "photo (clean).jpg"


def test_a_pipe_holds_nobody_up(crew: Crew, home: Home, folder: Path) -> None:
    pipe = folder / "pipe.jpg"
    os.mkfifo(pipe)
    assert "special file" in refused(crew, home, pipe).sentence


def test_a_file_that_is_not_there_is_said(crew: Crew, home: Home, folder: Path) -> None:
    assert "there is no such file" in refused(crew, home, folder / "none.jpg").sentence


def test_a_file_that_may_not_be_read_is_said() -> None:
    done = _left(Skipped(item="photo.jpg", reason=Reason.NO_PERMISSION))
    assert done.sentence == "photo.jpg was not cleaned: no permission to read it."
    assert done.hint == "give yourself the right to read it"


def test_a_file_over_the_limit_is_said_before_it_is_read(
    crew: Crew, home: Home, folder: Path
) -> None:
    original = put(folder / "photo.jpg")
    os.truncate(original, (200 << 20) + 1)  # a hole takes no room
    said = "more pixels or bytes than the limit (209715201 bytes)"
    assert said in refused(crew, home, original).sentence


def test_a_folder_that_cannot_be_written_to_is_said(crew: Crew, home: Home, folder: Path) -> None:
    original = put(folder / "photo.jpg")
    (done,) = run(crew, home, original, to=folder / "nowhere")
    assert isinstance(done, NotCleaned)
    assert "could not be written to" in done.sentence
    assert "--to FOLDER" in done.hint


def test_one_bad_file_does_not_keep_the_others(crew: Crew, home: Home, folder: Path) -> None:
    names = ("a.jpg", "b.jpg", "c.jpg")
    done = run(crew, home, *(put(folder / n, b"" if n == "b.jpg" else PHOTO) for n in names))
    assert [type(one) for one in done] == [CleanCopy, NotCleaned, CleanCopy]


def test_a_copy_that_turns_out_to_hold_something_is_not_kept(
    crew: Crew, home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = put(folder / "photo.jpg")
    monkeypatch.setattr(cleaning, "clean", tampers)
    done = refused(crew, home, original)
    assert "its copy was read again, and it still holds caption, comment" in done.sentence
    assert list(folder.iterdir()) == [original]


def test_a_worker_that_is_lost_costs_one_picture(
    crew: Crew, home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = put(folder / "photo.jpg")
    with monkeypatch.context() as patch:
        patch.setattr(cleaning, "clean", looks)
        assert "crashed" in refused(crew, home, original).sentence
    copied(crew, home, original)


def test_a_ledger_in_use_ends_it_before_anything_is_written(
    crew: Crew, home: Home, folder: Path
) -> None:
    original = put(folder / "photo.jpg")
    with Ledger.open(home.ledger, lock=home.lock), pytest.raises(LedgerError):
        run(crew, home, original)
    assert list(folder.iterdir()) == [original]


def test_the_worker_can_neither_write_nor_ask_the_network(crew: Crew, folder: Path) -> None:
    assert not crew.call(writes, folder / "new")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not crew.call(calls, server.getsockname()[1])


# --- what a copy is ----------------------------------------------------------------------


def test_a_copy_lies_beside_its_picture_and_only_its_owner_reads_it(
    crew: Crew, home: Home, folder: Path
) -> None:
    original = put(folder / "photo.jpg")
    original.chmod(0o644)
    done = copied(crew, home, original)
    assert done.copy == folder / "photo (clean).jpg"
    assert stat.S_IMODE(done.copy.stat().st_mode) == 0o600
    assert metadata(done.copy.read_bytes()) == ()
    assert ("GPS position", "48.10000, 11.50000") in {(o.what, o.value) for o in done.removed}
    assert done.notes == ()
    assert original.read_bytes() == PHOTO
    assert sorted(folder.iterdir()) == [done.copy, original]


def test_nothing_is_replaced_and_a_number_is_put_into_the_name(
    crew: Crew, home: Home, folder: Path
) -> None:
    original = put(folder / "photo.jpg")
    taken = put(folder / "photo (clean).jpg", b"theirs")
    assert copied(crew, home, original).copy.name == "photo (clean 2).jpg"
    assert copied(crew, home, original).copy.name == "photo (clean 3).jpg"
    assert taken.read_bytes() == b"theirs"


def test_pictures_of_one_name_go_into_one_folder(crew: Crew, home: Home, folder: Path) -> None:
    other, to = folder / "other", folder / "to"
    other.mkdir()
    to.mkdir()
    done = run(crew, home, put(folder / "1.jpg"), put(other / "1.jpg"), to=to)
    assert len(done) == 2
    assert sorted(one.name for one in to.iterdir()) == ["1 (clean 2).jpg", "1 (clean).jpg"]


def test_one_picture_named_twice_is_cleaned_once(crew: Crew, home: Home, folder: Path) -> None:
    original = put(folder / "photo.jpg")
    assert len(run(crew, home, original, original)) == 1


@pytest.mark.parametrize(
    ("name", "form", "wanted"),
    [
        ("photo.JPEG", Format.JPEG, "photo (clean).JPEG"),
        ("photo.png", Format.JPEG, "photo (clean).jpg"),
        ("photo.heic", Format.JPEG, "photo (clean).jpg"),
        ("photo", Format.GIF, "photo (clean).gif"),
        (".webp", Format.WEBP, ".webp (clean).webp"),
        ("n" * 250 + ".png", Format.PNG, "n" * 200 + " (clean).png"),
    ],
)
def test_content_decides_how_the_name_ends(name: str, form: Format, wanted: str) -> None:
    assert next(_names(Path(name), form)) == wanted


def test_what_was_saved_anew_is_said(crew: Crew, home: Home, folder: Path) -> None:
    done = copied(crew, home, put(folder / "photo.heic", save(GREY, Format.HEIC)))
    assert done.notes == ("HEIC cannot be cleaned as it is: saved anew as JPEG",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("IMG_20240531_123000.jpg", "a date"),
        ("2024-05-31 12.30.00.jpg", "a date"),
        ("48.13714, 11.57540.jpg", "a position"),
        ("20240531 48.137N 11.575E.jpg", "a date and a position"),
    ],
)
def test_a_name_that_tells_something_is_only_said(
    crew: Crew, home: Home, folder: Path, name: str, told: str
) -> None:
    done = copied(crew, home, put(folder / name))
    assert done.notes == (f"its name tells {told}: rename it before you post it",)


@pytest.mark.parametrize("name", ["IMG_1234.jpg", "20249931.jpg", "beach 1.5, 2.5.jpg"])
def test_a_name_that_tells_nothing_is_not_mentioned(
    crew: Crew, home: Home, folder: Path, name: str
) -> None:
    assert copied(crew, home, put(folder / name)).notes == ()


def test_forget_lists_every_copy(crew: Crew, home: Home, folder: Path) -> None:
    done = copied(crew, home, put(folder / "photo.jpg"))
    (written,) = written_files(home)
    assert (written.path, written.kind, written.when) == (done.copy, KIND, NOW)
