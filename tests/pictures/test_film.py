from __future__ import annotations

import hashlib
import os
import socket
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures import Film, Format, Unreadable, code_modules, film, save, write_film
from selfcheck.pictures import container as door

Rgb = NDArray[np.uint8]
Draw = Callable[[int, int], Rgb]
UPRIGHT = "red green blue white"

# Rotation and mirroring as an MP4 track's matrix a, b, c, d, for EXIF's 1 to 8.
_MATRICES = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


def _unreadable(path: Path, **options: float) -> Unreadable:
    answer = film(path, limit_seconds=options.get("limit_seconds", 310))
    assert isinstance(answer, Unreadable), answer
    return answer


def _readable(path: Path, **options: float) -> Film:
    answer = film(
        path,
        per_second=options.get("per_second", 10),
        long_side=int(options.get("long_side", 640)),
    )
    assert isinstance(answer, Film), answer
    return answer


@pytest.fixture
def sample(tmp_path: Path, draw: Draw) -> Path:
    path = tmp_path / "film.mp4"
    write_film(path, [draw(96, 64)] * 60, 30)
    return path


def _encode(path: Path, form: str, codec: str, frames: list[Rgb], **options: str) -> None:
    with av.open(path, "w", format=form, options=options) as out:
        stream = out.add_stream(codec, rate=Fraction(10))
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for rgb in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb)))
        out.mux(stream.encode())


def _sound(path: Path) -> None:
    with av.open(path, "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=8000)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate, frame.pts = 8000, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())


# --- what is no film --------------------------------------------------------------------


def test_a_film_that_is_not_there_has_vanished(tmp_path: Path) -> None:
    assert _unreadable(tmp_path / "none.mp4").reason is Reason.VANISHED


def test_a_folder_is_no_film(tmp_path: Path) -> None:
    assert _unreadable(tmp_path) == Unreadable(reason=Reason.NOT_A_PICTURE, detail="not a file")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    assert _unreadable(path).detail == "not a file"


def test_zero_bytes_end_too_early(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.touch()
    answer = _unreadable(path)
    assert answer == Unreadable(reason=Reason.TRUNCATED, detail="the file is empty")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a film at all\n", "a film was expected, its content is text"),
        (b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", "a film was expected, its content is text"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "a film was expected, its content is text"),
        (b"ID3\x04\0\0\0", "a film was expected, its content is sound"),
    ],
)
def test_another_kind_of_file_is_described(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    answer = _unreadable(path)
    assert (answer.reason, answer.detail) == (Reason.NOT_A_PICTURE, words)


def test_a_photo_is_no_film(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(save(marked, Format.HEIC))
    assert _unreadable(path).detail == "a film was expected, its content is a HEIC file"


def test_sound_without_pictures_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    _sound(path)
    answer = _unreadable(path)
    assert (answer.reason, answer.detail) == (Reason.NOT_A_PICTURE, "MP4: it holds no pictures")


def test_a_kind_of_film_that_is_not_read_is_named(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.ts"
    _encode(path, "mpegts", "mpeg4", [marked] * 5)
    answer = _unreadable(path)
    assert answer.reason is Reason.UNSUPPORTED
    assert answer.detail.startswith("MPEG: films are read as MP4")


def test_a_decoder_outside_the_list_is_not_used(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.mkv"
    _encode(path, "matroska", "ffv1", [marked] * 5)
    answer = _unreadable(path)
    assert (answer.reason, answer.detail) == (Reason.UNSUPPORTED, "Matroska: pictures in ffv1")


# --- what is cut or too long ---------------------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_film_cut_short_says_so(share: float, sample: Path) -> None:
    data = sample.read_bytes()
    sample.write_bytes(data[: int(len(data) * share)])
    assert _unreadable(sample).reason is Reason.TRUNCATED


def test_a_film_whose_index_comes_first_says_so_too(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "film.mp4"
    _encode(path, "mp4", "mpeg4", [draw(96, 64)] * 30, movflags="faststart")
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    path.write_bytes(data[: len(data) * 3 // 4])
    assert "promises" in _unreadable(path).detail


@pytest.mark.parametrize(("form", "codec"), [("matroska", "mpeg4"), ("avi", "mpeg4")])
def test_other_containers_cut_short_say_so(
    form: str, codec: str, tmp_path: Path, draw: Draw
) -> None:
    path = tmp_path / "film"
    _encode(path, form, codec, [draw(96, 64)] * 30)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    assert _unreadable(path).reason is Reason.TRUNCATED


def test_a_film_that_holds_less_than_it_says_is_cut(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "film.webm"
    _encode(path, "webm", "libvpx", [draw(96, 64)] * 40)
    data = path.read_bytes()
    # Mended by a repair program: the segment's size fits what is left, its length does not.
    at = data.index(b"\x18\x53\x80\x67") + 4
    cut = data[: len(data) // 2]
    size = (len(cut) - at - 8) | 1 << 56
    path.write_bytes(cut[:at] + size.to_bytes(8, "big") + cut[at + 8 :])
    assert _unreadable(path).detail.startswith("Matroska: it should last 4.0 s, its pictures end")


def test_a_film_over_the_limit_is_refused(sample: Path) -> None:
    answer = _unreadable(sample, limit_seconds=1.5)
    assert answer.reason is Reason.TOO_LARGE
    assert answer.detail == "MP4: it lasts 2 s, the limit is 2 s"


def test_a_film_without_one_good_picture_is_damaged(sample: Path) -> None:
    data = bytearray(sample.read_bytes())
    start = data.index(b"mdat") + 4
    length = int.from_bytes(data[start - 8 : start - 4], "big") - 8
    data[start : start + length] = b"\xff" * length
    sample.write_bytes(bytes(data))
    assert _unreadable(sample).reason is Reason.DAMAGED


def test_a_file_over_the_limit_is_not_read(sample: Path) -> None:
    os.truncate(sample, 5 << 30)  # sparse
    assert _unreadable(sample).reason is Reason.TOO_LARGE


def test_pictures_over_the_limit_are_not_decoded(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_PIXELS", 96 * 64 - 1)
    answer = _unreadable(sample)
    assert (answer.reason, answer.detail) == (Reason.TOO_LARGE, "MP4: 96 x 64 pixels")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(PermissionError(13, "no"), Reason.NO_PERMISSION), (OSError(5, "I/O"), Reason.DAMAGED)],
)
def test_a_disk_that_refuses_is_a_value_too(
    error: OSError, reason: Reason, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert _unreadable(sample).reason is reason


# --- what FFmpeg may not do -------------------------------------------------------------


def test_ffmpeg_opens_nothing_that_a_file_points_to(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        sample.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n"
        )
        # Suppose the content had deceived us and the wrong demuxer were asked: the second
        # lock must hold alone.
        monkeypatch.setitem(door._DEMUXERS, Format.MP4, "hls")
        monkeypatch.setattr(door, "sniff", lambda _: Format.MP4)
        monkeypatch.setattr(door, "ends_early", lambda *_: "")
        answer = _unreadable(sample)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert answer.reason is Reason.HOSTILE
    assert answer.detail == "MP4: it asks for another file or an address"


def test_ffmpeg_never_learns_a_films_name(sample: Path) -> None:
    with sample.open("rb") as raw, door.opened(raw, Format.MP4) as opened:
        assert opened.name == "<none>"


# --- a good film --------------------------------------------------------------------------


def test_a_film_is_thinned_out_to_the_rate_asked_for(sample: Path) -> None:
    times = [seconds for seconds, _ in _readable(sample).frames]
    assert len(times) == 20
    assert np.allclose(np.diff(times), 0.1, atol=0.002)
    assert times[0] == 0


@pytest.mark.parametrize(("rate", "expected"), [(25, 20), (24, 20), (8, 16), (60, 20)])
def test_any_rate_gives_at_most_ten_a_second(
    rate: int, expected: int, tmp_path: Path, marked: Rgb
) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [marked] * (2 * rate), rate)
    seen = _readable(path)
    assert seen.seconds == pytest.approx(2, abs=0.05)
    assert len(list(seen.frames)) == expected


def test_length_and_hash_are_those_of_the_file(sample: Path) -> None:
    seen = _readable(sample)
    assert seen.seconds == pytest.approx(2, abs=0.02)
    assert seen.sha256 == hashlib.sha256(sample.read_bytes()).hexdigest()


def test_the_files_own_creation_time_is_told(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.mp4"
    when = datetime(2026, 11, 22, 14, 0, 5, tzinfo=UTC)
    write_film(path, [marked] * 3, 10, when)
    assert _readable(path).created == when


def test_a_film_without_creation_time_has_none(sample: Path) -> None:
    assert _readable(sample).created is None


def test_the_phones_own_time_comes_before_the_containers(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.mov"
    with av.open(path, "w", format="mov", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata["creation_time"] = "2026-11-22T14:00:00Z"
        out.metadata["com.apple.quicktime.creationdate"] = "2026-11-22T14:30:00+0100"
        stream = out.add_stream("mpeg4", rate=Fraction(10))
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width, stream.pix_fmt = 64, 96, "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(marked)))
        out.mux(stream.encode())
    created = _readable(path).created
    assert created == datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
    assert created.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_film_is_upright_however_the_phone_was_held(
    orientation: int,
    tmp_path: Path,
    marked: Rgb,
    corners: Callable[[Rgb], str],
) -> None:
    from selfcheck.pictures.orientation import turn_back

    path = tmp_path / "film.mp4"
    write_film(path, [turn_back(marked, orientation)] * 3, 10)
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix follows forty bytes of times
    a, b, c, d = (value << 16 for value in _MATRICES[orientation])
    data[at : at + 20] = struct.pack(">5i", a, b, 0, c, d)
    path.write_bytes(bytes(data))
    frames = [rgb for _, rgb in _readable(path).frames]
    assert len(frames) == 3
    assert frames[0].shape == (64, 96, 3)
    assert corners(frames[0]) == UPRIGHT


@pytest.mark.parametrize(
    ("form", "codec"),
    [("matroska", "libx264"), ("webm", "libvpx"), ("avi", "mjpeg"), ("mov", "mpeg4")],
)
def test_other_containers_are_read(
    form: str, codec: str, tmp_path: Path, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    path = tmp_path / "film.bin"
    _encode(path, form, codec, [marked] * 10)
    frames = [rgb for _, rgb in _readable(path).frames]
    assert len(frames) == 10
    assert corners(frames[-1]) == UPRIGHT


def test_a_browsers_film_without_a_length_is_read(tmp_path: Path, marked: Rgb) -> None:
    path = tmp_path / "film.webm"
    _encode(path, "webm", "libvpx", [marked] * 20, live="1")
    assert _readable(path).seconds == pytest.approx(2, abs=0.05)


def test_frames_are_no_larger_than_asked_for(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [draw(320, 240)] * 3, 10)
    (_, rgb), *_ = _readable(path, long_side=160).frames
    assert rgb.shape == (120, 160, 3)
    (_, rgb), *_ = _readable(path, long_side=4000).frames
    assert rgb.shape == (240, 320, 3)


def test_a_damaged_stretch_leaves_a_gap_and_the_film_goes_on(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "film.avi"
    _encode(path, "avi", "mjpeg", [draw(96, 64)] * 20)
    whole = len(list(_readable(path).frames))
    data = bytearray(path.read_bytes())
    starts = [at for at in range(len(data)) if data[at : at + 3] == b"\xff\xd8\xff"]
    data[starts[8] : starts[10] - 8] = b"\0" * (starts[10] - 8 - starts[8])
    path.write_bytes(bytes(data))
    assert 10 <= len(list(_readable(path).frames)) <= whole == 20


def test_nothing_is_held_open_by_a_film_that_is_not_watched(sample: Path) -> None:
    seen = _readable(sample)
    del seen
    sample.unlink()


def test_an_odd_size_loses_a_row(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [draw(97, 65)] * 2, 10)
    assert [rgb.shape for _, rgb in _readable(path).frames] == [(64, 96, 3)] * 2


def test_a_film_of_nothing_is_refused(tmp_path: Path) -> None:
    def none() -> Iterator[Rgb]:
        yield from ()

    with pytest.raises(ValueError, match="at least one frame"):
        write_film(tmp_path / "film.mp4", none(), 10)


# --- its beginning -------------------------------------------------------------------------


def _coded(text: str) -> Rgb:
    modules = np.where(np.pad(code_modules(text), 4), 10, 240).astype(np.uint8)
    large = modules.repeat(8, 0).repeat(8, 1)
    return np.repeat(np.pad(large, 20, constant_values=60)[..., None], 3, axis=2)


def test_codes_are_read_five_times_a_second_and_no_others_invented(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    frames = [_coded("FIRST")] * 30 + [_coded("SECOND")] * 30 + [_coded("FIRST") * 0] * 30
    write_film(path, frames, 30)
    seen = [(glance.seconds, glance.codes) for glance in _readable(path).glances if glance.codes]
    assert [codes for _, codes in seen] == [("FIRST",)] * 5 + [("SECOND",)] * 5
    assert [seconds for seconds, _ in seen] == pytest.approx(np.arange(10) / 5, abs=0.01)


@pytest.mark.parametrize(("rate", "expected"), [(10, 20), (24, 48), (30, 60), (60, 60), (120, 60)])
def test_a_film_is_glanced_at_thirty_times_a_second_at_most(
    rate: int, expected: int, tmp_path: Path, marked: Rgb
) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [marked] * (2 * rate), rate)
    assert len(list(_readable(path).glances)) == expected


def test_a_glance_tells_how_much_changed_since_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    blocks = np.random.default_rng(1).integers(0, 256, (2, 8, 12, 3)).astype(np.uint8)
    one, other = blocks.repeat(8, 1).repeat(8, 2)
    write_film(path, [one] * 10 + [other] * 10, 10)
    changes = [glance.change for glance in _readable(path).glances]
    assert changes[0] == 0
    assert changes[10] > 20
    assert max(changes[:10] + changes[11:]) < 3


def test_a_film_that_is_glanced_at_can_be_watched_from_its_beginning(sample: Path) -> None:
    seen = _readable(sample)
    assert next(iter(seen.glances)).seconds == 0
    assert next(iter(seen.frames))[0] == 0


def test_a_film_that_is_replaced_while_it_is_watched_is_watched_to_its_end(
    tmp_path: Path, draw: Draw
) -> None:
    path, other = tmp_path / "film.mp4", tmp_path / "other.mp4"
    write_film(path, [draw(96, 64)] * 20, 10)
    write_film(other, [draw(128, 96)] * 20, 10)
    found = _readable(path)
    assert len(list(found.glances)) == 20
    other.replace(path)
    assert {rgb.shape for _, rgb in found.frames} == {(64, 96, 3)}
    assert found.unchanged()


def test_a_film_that_is_written_over_while_it_is_watched_is_noticed(
    tmp_path: Path, draw: Draw
) -> None:
    path, other = tmp_path / "film.mp4", tmp_path / "other.mp4"
    write_film(path, [draw(96, 64)] * 20, 10)
    write_film(other, [draw(128, 96)] * 20, 10)
    found = _readable(path)
    list(found.glances)
    path.write_bytes(other.read_bytes())
    list(found.frames)
    assert not found.unchanged()
