"""What of a film is looked at, and what is said of the rest; bad films first."""

from __future__ import annotations

import io
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from film_files import index_first, sound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from selfcheck import model
from selfcheck.model import Leak, Reason
from selfcheck.pictures import Budget, Format, Frame, KeyFrames, Unreadable, key_frames, save
from selfcheck.pictures import container as door

Rgb = NDArray[np.uint8]


@pytest.fixture(autouse=True)
def ordinary_priority() -> Iterator[None]:
    """Undo what the AV1 encoder does for root: real-time priority, also for what comes after."""
    yield
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def noise(seed: int, width: int = 96, height: int = 64) -> Rgb:
    """Give a picture that is unlike every other one."""
    cells = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    return np.kron(cells, np.ones((8, 8, 1), np.uint8))


def encode(
    frames: list[Rgb],
    *,
    form: str = "mp4",
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    rate: float = 10,
    key_every: int = 10,
    times: list[float] | None = None,
    metadata: Mapping[str, str] | None = None,
    pixel_width: str | None = None,
) -> bytes:
    """Make a film with a key frame every so many frames and nowhere else."""
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=dict(options or {})) as container:
        container.metadata.update(metadata or {})
        stream: Any = container.add_stream(codec, rate=Fraction(rate).limit_denominator(1000))
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.options = {"g": str(key_every)}
        if codec == "libx264":
            stream.options |= {"sc_threshold": "0", "keyint_min": str(key_every), "crf": "20"}
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = Fraction(1, 1000)
        if pixel_width is not None:
            stream.codec_context.sample_aspect_ratio = Fraction(pixel_width)
        for number, rgb in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            at = times[number] if times else number / rate
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def changing(seconds: int, rate: int = 10) -> list[Rgb]:
    """Give frames that show something else every second."""
    return [noise(second) for second in range(seconds) for _ in range(rate)]


def surveyed(data: bytes, budget: Budget | None = None) -> KeyFrames:
    film = key_frames(io.BytesIO(data), budget=budget)
    assert isinstance(film, KeyFrames), film
    return film


def looked_at(data: bytes, budget: Budget | None = None, side: int = 1600) -> list[Frame]:
    film = surveyed(data, budget)
    return list(film.frames(long_side=side, budget=budget or Budget()))


def seconds(data: bytes, budget: Budget | None = None) -> list[float]:
    return [frame.second for frame in looked_at(data, budget)]


def refused(data: bytes) -> Unreadable:
    film = key_frames(io.BytesIO(data))
    assert isinstance(film, Unreadable), film
    return film


@pytest.fixture(scope="module")
def sample() -> bytes:
    """Give a film of twenty seconds with a key frame a second."""
    return encode(changing(20))


# --- what is no film ----------------------------------------------------------------------


def test_an_empty_file_ends_too_early() -> None:
    assert refused(b"").reason is Reason.TRUNCATED


def test_a_still_is_no_film() -> None:
    assert refused(save(noise(1), Format.JPEG)).reason is Reason.NOT_A_PICTURE


def test_sound_in_a_films_wrapping_holds_no_picture() -> None:
    answer = refused(sound())
    assert (answer.reason, answer.detail) == (Reason.NOT_A_PICTURE, "MP4: it holds no pictures")


def test_a_container_outside_the_list_is_named() -> None:
    answer = refused(encode(changing(1), form="mpegts", codec="mpeg4"))
    assert answer.reason is Reason.UNSUPPORTED
    assert "MP4, QuickTime, Matroska, WebM and AVI" in answer.detail


def test_a_decoder_outside_the_list_is_not_used() -> None:
    answer = refused(encode(changing(1), form="matroska", codec="ffv1"))
    assert (answer.reason, answer.detail) == (Reason.UNSUPPORTED, "Matroska: pictures in ffv1")


def test_an_encrypted_film_is_said_to_be_encrypted() -> None:
    scheme = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
        "encryption_kid": "a7e61c373e219033c21091fa607bf3b8",
    }
    assert refused(encode(changing(2), options=scheme)).reason is Reason.ENCRYPTED


def test_pictures_over_the_limit_are_not_decoded(
    sample: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_PIXELS", 96 * 64 - 1)
    assert refused(sample).reason is Reason.TOO_LARGE


def test_a_length_written_down_by_a_liar_costs_nothing(sample: bytes) -> None:
    # The sample table stays what it is; only the headers promise a century.
    data = bytearray(sample)
    for box in (b"mvhd", b"mdhd"):
        at = data.index(box) + 4 + 16
        data[at : at + 4] = struct.pack(">I", 0xFFFFFFF0)
    film = surveyed(bytes(data))
    assert len(list(film.frames(long_side=96, budget=Budget()))) <= 600


def test_a_film_of_days_is_refused() -> None:
    data = encode([noise(n) for n in range(3)], times=[0, 50_000, 100_000], key_every=1)
    answer = key_frames(io.BytesIO(data))
    assert isinstance(answer, Unreadable)
    assert answer.reason is Reason.TOO_LARGE
    assert "hours" in answer.detail


# --- what is broken -----------------------------------------------------------------------


def test_a_film_without_its_index_says_so(sample: bytes) -> None:
    assert sample.index(b"mdat") < sample.index(b"moov")
    answer = refused(sample[: len(sample) * 3 // 4])
    assert answer.reason is Reason.TRUNCATED
    assert "promises" in answer.detail or "index" in answer.detail


def test_of_a_film_whose_end_is_missing_the_beginning_is_looked_at() -> None:
    whole = index_first(encode(changing(20)))
    film = surveyed(whole[: len(whole) * 6 // 10])
    shown = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert 5 <= len(shown) <= 13
    assert max(shown) < 14
    assert film.left_out is not None
    assert film.left_out.reason is Reason.TRUNCATED


@pytest.mark.parametrize(("form", "codec"), [("matroska", "libx264"), ("avi", "mpeg4")])
def test_other_containers_cut_short_are_looked_at_up_to_the_cut(form: str, codec: str) -> None:
    whole = encode(changing(20), form=form, codec=codec)
    film = surveyed(whole[: len(whole) * 4 // 10])
    shown = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert shown
    assert film.left_out is not None
    assert film.left_out.reason is Reason.TRUNCATED


def test_a_film_of_damaged_pictures_is_damaged(sample: bytes) -> None:
    data = bytearray(sample)
    start = data.index(b"mdat") + 4
    length = int.from_bytes(data[start - 8 : start - 4], "big") - 8
    data[start : start + length] = b"\xff" * length
    film = key_frames(io.BytesIO(bytes(data)))
    if isinstance(film, KeyFrames):
        assert list(film.frames(long_side=96, budget=Budget())) == []
        film_says = film.left_out
        assert film_says is not None
        assert film_says.reason is Reason.DAMAGED
    else:
        assert film.reason is Reason.DAMAGED


def test_a_damaged_stretch_is_told_and_the_rest_is_looked_at() -> None:
    whole = encode(changing(20), form="avi", codec="mjpeg", key_every=1)
    data = bytearray(whole)
    starts = [at for at in range(len(data)) if data[at : at + 3] == b"\xff\xd8\xff"]
    for start in starts[60:140]:
        data[start : start + 200] = bytes(200)
    film = surveyed(bytes(data))
    shown = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert 5 <= len(shown) <= 7
    assert film.left_out is not None
    assert film.left_out.reason is Reason.DAMAGED


def key_frames_overwritten(data: bytes, numbers: range, form: str) -> bytes:
    """Write zeros over the later three quarters of some key frames."""
    damaged = bytearray(data)
    with av.open(io.BytesIO(data), "r", format=form) as container:
        packets = container.demux(video=0)
        keys = [bytes(packet) for packet in packets if packet.size and packet.is_keyframe]
    for number in numbers:
        assert data.count(keys[number]) == 1
        at, size = data.index(keys[number]), len(keys[number])
        damaged[at + size // 4 : at + size] = bytes(size - size // 4)
    return bytes(damaged)


@pytest.mark.parametrize(
    ("form", "codec"), [("mp4", "mpeg4"), ("avi", "mpeg4"), ("mp4", "libx264")]
)
def test_key_frames_that_are_decoded_in_part_only_are_not_looked_at(form: str, codec: str) -> None:
    whole = encode(changing(40), form=form, codec=codec)
    film = surveyed(key_frames_overwritten(whole, range(10, 30), form))
    shown = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert len(shown) > 8
    assert not [second for second in shown if 10 <= second < 30]
    assert film.left_out is not None
    assert film.left_out.reason is Reason.DAMAGED


def test_what_is_built_on_a_damaged_picture_is_looked_at_and_not_counted() -> None:
    whole = encode(changing(40), key_every=100)
    film = surveyed(key_frames_overwritten(whole, range(2, 3), "mp4"))
    shown = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert 20 not in shown
    assert [second for second in shown if 21 < second < 30]
    assert film.left_out is not None
    assert film.left_out.detail.endswith("5 of 20 pictures cannot be decoded")


def test_what_reading_raises_passes_through(sample: bytes) -> None:
    class Gone(io.BytesIO):
        left = 1

        def read(self, size: int | None = -1, /) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise model.Unreadable(Reason.VANISHED, "the disk is gone")
            return super().read(size)

    with pytest.raises(model.Unreadable) as raised:
        key_frames(Gone(sample))
    assert raised.value.reason is Reason.VANISHED


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1), change=st.binary(min_size=1, max_size=30))
def test_flipped_bytes_never_raise(sample: bytes, place: float, change: bytes) -> None:
    at = int(place * (len(sample) - len(change)))
    data = sample[:at] + change + sample[at + len(change) :]
    film = key_frames(io.BytesIO(data))
    if isinstance(film, KeyFrames):
        for frame in film.frames(long_side=96, budget=Budget(between=10_000_000)):
            assert frame.rgb.ndim == 3
            assert 0 <= frame.second < 1e6


# --- which frames are looked at -----------------------------------------------------------


def test_at_most_thirty_key_frames_a_minute_spread_evenly() -> None:
    shown = seconds(encode(changing(40)))
    assert len(shown) == 20
    assert np.allclose(np.diff(shown), 2)


def test_a_short_film_is_looked_at_more_closely(sample: bytes) -> None:
    assert seconds(sample) == [float(2 * n) for n in range(10)]
    assert seconds(encode(changing(5))) == [0, 1, 2, 3, 4]


def test_a_long_film_is_looked_at_all_through_and_no_more_often_than_allowed() -> None:
    shown = seconds(encode(changing(60)), Budget(at_most=12))
    assert len(shown) == 12
    assert max(shown) >= 50


def test_a_film_that_does_not_change_is_looked_at_once() -> None:
    assert seconds(encode([noise(1)] * 200)) == [0]


def test_something_small_that_comes_in_is_no_likeness() -> None:
    room = np.full((240, 320, 3), 90, np.uint8)
    somebody = room.copy()
    somebody[100:110, 200:208] = 200  # 2.5 % of the width
    shown = seconds(encode([room] * 100 + [somebody] * 100))
    assert shown == [0, 10]


def test_what_returns_after_a_change_is_looked_at_again() -> None:
    one, other = noise(1), noise(2)
    assert seconds(encode([one] * 60 + [other] * 60 + [one] * 60)) == [0, 6, 13]


def test_between_key_frames_far_apart_the_pictures_are_decoded_too() -> None:
    shown = seconds(encode(changing(30), key_every=300))
    assert len(shown) == 15
    assert max(np.diff(shown)) < 2.5


@pytest.mark.parametrize("length", [2, 5, 11])
def test_a_short_film_with_one_key_frame_is_looked_at_all_through(length: int) -> None:
    shown = seconds(encode(changing(length), key_every=250))
    assert len(shown) == min(length, 10)
    assert max(shown) >= length - 2


def test_what_follows_a_key_frame_that_is_too_near_to_the_last_look_is_looked_at() -> None:
    # Slots of 1.1 s, key frames at 0, 0.3 and then every 2.7 s.
    times = [n * 0.03 for n in range(10)] + [0.3 + n * 0.27 for n in range(40)]
    shown = seconds(encode([noise(n) for n in range(50)], times=times))
    assert shown[0] == 0
    assert [second for second in shown if 1 < second < 2.9]


def test_key_frames_about_as_far_apart_as_looks_are_all_that_is_decoded() -> None:
    data = encode(changing(61), key_every=20)
    shown = seconds(data, Budget(between=0))
    assert seconds(data) == shown
    assert len(shown) >= 29


def test_key_frames_as_far_apart_as_x264_puts_them_are_not_all_that_is_looked_at() -> None:
    shown = seconds(encode(changing(40), key_every=100))
    assert len(shown) == 20
    assert max(np.diff(shown)) < 3


def test_where_the_budget_ends_key_frames_less_than_twelve_seconds_apart_are_enough() -> None:
    film = surveyed(encode(changing(60), key_every=100))
    budget = Budget(between=96 * 64 * 120)
    shown = [frame.second for frame in film.frames(long_side=96, budget=budget)]
    assert len([second for second in shown if second < 10]) == 5
    assert [second for second in shown if second >= 30] == [30, 40, 50]
    assert film.left_out is None


def test_where_decoding_in_between_is_given_up_that_is_said() -> None:
    film = surveyed(encode(changing(30), key_every=300))
    shown = list(film.frames(long_side=96, budget=Budget(between=96 * 64 * 30)))
    assert 1 <= len(shown) <= 10
    assert film.left_out is not None
    assert film.left_out.reason is Reason.TOO_LARGE
    assert "of 0:30" in film.left_out.detail


def test_nothing_is_left_out_of_a_sound_film(sample: bytes) -> None:
    film = surveyed(sample)
    assert list(film.frames(long_side=96, budget=Budget()))
    assert film.left_out is None
    assert film.seconds == pytest.approx(20, abs=0.2)


def test_a_single_picture_is_a_film_too() -> None:
    assert seconds(encode([noise(1)])) == [0]


def test_an_uneven_rate_is_counted_in_seconds() -> None:
    times = [0.0, 0.1, 0.2, 5.0, 5.1, 9.0, 9.5]
    shown = seconds(encode([noise(n) for n in range(7)], times=times, key_every=1))
    assert {0.0, 5.0, 9.0} <= set(shown)


def test_a_film_that_does_not_begin_at_nought_is_counted_from_its_first_picture() -> None:
    times = [100 + n / 2 for n in range(8)]
    data = encode(
        [noise(n) for n in range(8)], form="matroska", codec="mpeg4", times=times, key_every=1
    )
    assert seconds(data)[:3] == [0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp4", "libx265"),
        ("mov", "mpeg4"),
        ("matroska", "libx264"),
        ("webm", "libvpx"),
        ("webm", "libvpx-vp9"),
        ("mp4", "libsvtav1"),
        ("avi", "mjpeg"),
        ("avi", "mpeg4"),
    ],
)
def test_every_kind_that_phones_and_browsers_write_is_read(form: str, codec: str) -> None:
    shown = looked_at(encode(changing(3), form=form, codec=codec))
    assert 1 <= len(shown) <= 10
    assert shown[0].second == 0
    assert abs(shown[0].rgb.astype(int) - noise(0)).mean() < 25


@pytest.mark.parametrize("options", [{"live": "1"}, {"cluster_time_limit": "500"}])
def test_a_browsers_film_without_an_index_is_read(options: dict[str, str]) -> None:
    data = encode(changing(6), form="webm", codec="libvpx", options=options)
    assert len(seconds(data)) == 6


def test_a_film_in_fragments_is_read() -> None:
    data = encode(changing(10), options={"movflags": "frag_keyframe+empty_moov"})
    assert len(seconds(data)) >= 9


def test_a_film_held_upright_gives_upright_pictures() -> None:
    data = bytearray(encode([noise(1)] * 3))
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 20] = struct.pack(">5i", 0, 1 << 16, 0, -(1 << 16), 0)
    (frame,) = looked_at(bytes(data))
    assert frame.rgb.shape == (96, 64, 3)
    assert (frame.width, frame.height) == (64, 96)


def test_large_pictures_are_made_smaller_and_their_size_is_told() -> None:
    (frame,) = looked_at(encode([noise(1, 640, 320)] * 3), side=160)
    assert frame.rgb.shape == (80, 160, 3)
    assert (frame.width, frame.height) == (640, 320)


@pytest.mark.parametrize("form", ["mp4", "matroska"])
@pytest.mark.parametrize(
    ("pixel_width", "width"),
    [("64/45", 137), ("3/4", 72), ("2", 192), ("1", 96), ("5/2", 96), ("1/3", 96)],
)
def test_pixels_that_are_no_squares_are_made_squares(
    form: str, pixel_width: str, width: int
) -> None:
    (frame,) = looked_at(encode([noise(1)] * 3, form=form, pixel_width=pixel_width))
    assert frame.rgb.shape == (64, width, 3)
    assert (frame.width, frame.height) == (width, 64)


def test_what_is_widened_and_made_smaller_keeps_its_form() -> None:
    film = encode([noise(1, 720, 576)] * 3, pixel_width="64/45")
    (frame,) = looked_at(film, side=512)
    assert (frame.width, frame.height) == (1024, 576)
    assert frame.rgb.shape == (288, 512, 3)


def test_what_is_widened_and_held_upright_grows_taller() -> None:
    data = bytearray(encode([noise(1)] * 3, pixel_width="4/3"))
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 20] = struct.pack(">5i", 0, 1 << 16, 0, -(1 << 16), 0)
    (frame,) = looked_at(bytes(data))
    assert frame.rgb.shape == (128, 64, 3)
    assert (frame.width, frame.height) == (64, 128)


def test_what_follows_a_photo_in_one_file_stays_a_photo(sample: bytes) -> None:
    motion = save(noise(1), Format.JPEG) + sample
    assert refused(motion).reason is Reason.NOT_A_PICTURE


# --- what a film gives away ---------------------------------------------------------------


def test_place_device_and_time_are_told_and_names_are_counted() -> None:
    data = encode(
        changing(1),
        form="mov",
        metadata={
            "com.apple.quicktime.location.ISO6709": "+48.1371+011.5754+520.000/",
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.model": "iPhone 12",
            "com.apple.quicktime.creationdate": "2026-11-22T14:30:00+0100",
            "artist": "Ada Example",
            "title": "garden",
        },
        options={"movflags": "use_metadata_tags"},
    )
    found = {each.leak: each.value for each in surveyed(data).findings}
    assert found[Leak.GPS] == "48.13710, 11.57540"
    assert found[Leak.CAMERA] == "Apple iPhone 12"
    assert found[Leak.TIME].startswith("2026-11-22 14:30:00")
    assert found[Leak.PERSON] == "1 name (artist)"
    assert found[Leak.CAPTION] == "garden"
    assert "Ada" not in str(found)


def test_a_film_that_says_nothing_gives_nothing_away(sample: bytes) -> None:
    assert surveyed(sample).findings == ()


def place_told(text: str) -> str | None:
    """Give the place that is told of a phone's film with this text for one."""
    data = encode(
        changing(1),
        form="mov",
        metadata={"com.apple.quicktime.location.ISO6709": text},
        options={"movflags": "use_metadata_tags"},
    )
    found = {each.leak: each.value for each in surveyed(data).findings}
    return found.get(Leak.GPS)


@pytest.mark.parametrize(
    "text",
    [
        "+48.1371+011.5754/",
        "+48.1371+011.5754+520.000/",
        "+48.1371+011.5754+520.000CRSWGS_84/",
        "+48.1371+011.5754CRSWGS_84/",
    ],
)
def test_a_place_is_told_with_or_without_a_height_and_what_it_refers_to(text: str) -> None:
    assert place_told(text) == "48.13710, 11.57540"


def test_a_place_that_is_not_understood_is_told_as_it_is() -> None:
    assert place_told("+4808.226+01134.524/") == "+4808.226+01134.524/"
    assert place_told("Marienplatz,\n Munich") == "Marienplatz, Munich"
    told = place_told("x" * 5000)
    assert told is not None
    assert len(told) <= 300


@pytest.mark.parametrize("text", ["+00.0000+000.0000/", "+99.0+200.0/", " "])
def test_a_place_that_is_none_is_left_out(text: str) -> None:
    assert place_told(text) is None


# --- what it costs ------------------------------------------------------------------------


def test_a_film_is_never_read_whole_at_once(sample: bytes) -> None:
    sizes: list[int] = []

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            sizes.append(-1 if size is None else size)
            return super().read(size)

    film = key_frames(Counted(sample))
    assert isinstance(film, KeyFrames)
    assert list(film.frames(long_side=96, budget=Budget()))
    assert min(sizes) >= 0
    assert max(sizes) <= 1 << 20


def test_one_frame_is_held_at_a_time(sample: bytes) -> None:
    frames: Iterator[Frame] = surveyed(sample).frames(long_side=96, budget=Budget())
    assert next(frames).second == 0
    assert next(frames).second == 2


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        file.truncate(5 << 30)
    with path.open("rb") as raw:
        answer = key_frames(raw)
    assert isinstance(answer, Unreadable)
    assert answer.reason is Reason.TOO_LARGE
