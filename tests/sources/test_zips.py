from __future__ import annotations

import copy
import io
import os
import pickle
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcheck.errors import SourceError
from selfcheck.model import Member, Reason, Skipped, Unreadable
from selfcheck.sources import Limits, PartsTree, gather, reopen, zip_salvage, zips

FILES = {f"Takeout/{n}.jpg": os.urandom(700) + b"x" * 900 for n in "abc"}
Change = Callable[[zipfile.ZipInfo], None]


class Pipe(io.BytesIO):
    """A target that cannot seek, so that sizes are written behind the bytes."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def packed(
    files: dict[str, bytes] = FILES,
    *,
    method: int = zipfile.ZIP_DEFLATED,
    described_after: bool = False,
    change: Change = lambda info: None,
) -> bytes:
    target = Pipe() if described_after else io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
            change(archive.filelist[-1])
    return target.getvalue()


def dated(files: dict[str, bytes], at: datetime) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)
    return target.getvalue()


def tree_of(folder: Path, data: bytes, limits: Limits | None = None) -> PartsTree:
    path = folder / "export.zip"
    path.write_bytes(data)
    return gather([path], limits)[0]


def read(tree: PartsTree) -> dict[str, bytes | Reason]:
    """Give each member's bytes or what kept them from being read, and each Skipped's reason."""
    found: dict[str, bytes | Reason] = {}
    for item in tree.members():
        if isinstance(item, Skipped):
            found[item.item] = item.reason
            continue
        try:
            with tree.open(item) as file:
                found[item.path] = file.read()
        except Unreadable as trouble:
            found[item.path] = trouble.reason
    return found


def paths(tree: PartsTree) -> list[str]:
    return [item.path for item in tree.members() if isinstance(item, Member)]


# --- what is no zip ----------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"just text", b"PK"])
def test_file_that_is_no_archive_is_one_sentence_and_an_action(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(SourceError, match=r"export\.zip") as caught:
        tree_of(tmp_path, content)
    assert "download it again" in caught.value.hint


def test_empty_zip_is_a_tree_without_members(tmp_path: Path) -> None:
    assert read(tree_of(tmp_path, packed({}))) == {}


# --- cut and damaged ---------------------------------------------------------------------


@pytest.mark.parametrize("described_after", [False, True])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_truncated_zip_yields_what_came_before_the_break(
    tmp_path: Path, method: int, *, described_after: bool
) -> None:
    data = packed(method=method, described_after=described_after)
    cut = data.index(b"Takeout/c.jpg") + 50
    a, b, *_ = FILES.items()
    assert read(tree_of(tmp_path, data[:cut])) == dict([a, b]) | {"export.zip": Reason.TRUNCATED}


FLAVOURS = [
    packed(method=method, described_after=after)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    for after in (False, True)
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flavour=st.sampled_from(FLAVOURS), share=st.floats(0, 1))
def test_zip_cut_anywhere_yields_a_prefix_and_at_most_one_skipped(
    tmp_path: Path, flavour: bytes, share: float
) -> None:
    found = read(tree_of(tmp_path, flavour[: 4 + int(share * (len(flavour) - 4))]))
    if found.pop("export.zip", None) is None:
        assert found == FILES
    assert list(found.items()) == list(FILES.items())[: len(found)]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flavour=st.sampled_from(FLAVOURS), share=st.floats(0, 1), bit=st.integers(0, 7))
def test_zip_with_a_flipped_bit_never_raises_and_never_gives_wrong_bytes(
    tmp_path: Path, flavour: bytes, share: float, bit: int
) -> None:
    data = bytearray(flavour)
    data[4 + int(share * (len(data) - 5))] ^= 1 << bit
    contents = [v for v in read(tree_of(tmp_path, bytes(data))).values() if isinstance(v, bytes)]
    assert all(content in FILES.values() for content in contents)


def test_bytes_that_look_like_an_end_do_not_end_a_stored_member(tmp_path: Path) -> None:
    sign = b"PK\x07\x08"
    files = {
        "false.jpg": sign * 7 + b"x" * 20 + sign,
        "border.jpg": b"y" * ((256 << 10) - 41 - 83) + sign + b"z" * 100,
        "nothing.jpg": b"",
        "last.jpg": b"last",
    }
    data = packed(files, method=zipfile.ZIP_STORED, described_after=True)
    found = read(tree_of(tmp_path, data[: data.index(b"PK\x01\x02")]))
    assert found == files | {"export.zip": Reason.TRUNCATED}


def test_zip_cut_behind_a_zip_it_holds_is_not_taken_for_that_one(tmp_path: Path) -> None:
    inner = packed({"inner.jpg": b"inside"})
    data = packed({"a.jpg": b"first", "b.bin": inner, "c.jpg": b"c"}, method=zipfile.ZIP_STORED)
    found = read(tree_of(tmp_path, data[: data.index(b"c.jpg") - 30]))
    assert found == {"a.jpg": b"first", "b.bin": inner, "export.zip": Reason.TRUNCATED}


def test_damaged_directory_costs_no_file(tmp_path: Path) -> None:
    data = packed()
    at = data.index(b"PK\x01\x02")
    at = data.index(b"PK\x01\x02", at + 1)
    assert read(tree_of(tmp_path, data[:at] + b"XX" + data[at + 2 :])) == FILES | {
        "export.zip": Reason.DAMAGED
    }


def test_one_name_that_breaks_its_own_encoding_does_not_cost_the_archive(tmp_path: Path) -> None:
    data = packed({"ä.jpg": b"one", "b.jpg": b"two"}).replace(b"\xc3\xa4", b"\xc3(")
    found = read(tree_of(tmp_path, data))
    assert b"one" in found.values()
    assert found["b.jpg"] == b"two"


def test_encrypted_member_of_a_cut_zip_that_hides_its_end_ends_the_walk(tmp_path: Path) -> None:
    data = bytearray(packed(described_after=True))
    data[6] |= 1
    cut = bytes(data[: data.index(b"PK\x01\x02")])
    assert read(tree_of(tmp_path, cut)) == {"export.zip": Reason.TRUNCATED}


def _filled_in_afterwards(data: bytes) -> bytes:
    """Write checksum and sizes into the local headers too and leave the descriptors standing."""
    filled = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            fields = struct.pack("<LLL", info.CRC, info.compress_size, info.file_size)
            filled[info.header_offset + 14 : info.header_offset + 26] = fields
    return bytes(filled)


def test_header_filled_in_afterwards_does_not_hide_what_follows(tmp_path: Path) -> None:
    data = _filled_in_afterwards(packed(described_after=True))
    found = read(tree_of(tmp_path, data[: data.index(b"PK\x01\x02")]))
    assert found == FILES | {"export.zip": Reason.TRUNCATED}


def test_checksum_behind_the_bytes_that_does_not_fit_ends_the_walk(tmp_path: Path) -> None:
    data = bytearray(packed(described_after=True))
    at = data.index(b"PK\x07\x08", data.index(b"b.jpg"))
    data[at + 4] ^= 1
    found = read(tree_of(tmp_path, bytes(data[: data.index(b"PK\x01\x02")])))
    assert list(found) == ["Takeout/a.jpg", "export.zip"]


@pytest.mark.parametrize("signature", [b"PK\x07\x08", b""])
def test_sizes_beyond_4_gib_behind_the_bytes_are_known(signature: bytes) -> None:
    packed_size, size, crc = 5 << 30, 6 << 30, 0x01020304
    data = signature + struct.pack("<LQQ", crc, packed_size, size)
    assert zip_salvage._descriptor(data + b"more", packed_size, size, crc) == len(data)
    assert zip_salvage._descriptor(data, packed_size, size, crc + 1) == 0


def test_zip64_sizes_are_found_without_the_directory(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        with archive.open("big.jpg", "w", force_zip64=True) as file:
            file.write(b"big")
        archive.writestr("next.jpg", b"next")
    data = target.getvalue()
    assert read(tree_of(tmp_path, data)) == {"big.jpg": b"big", "next.jpg": b"next"}
    found = read(tree_of(tmp_path, data[: data.index(b"PK\x01\x02")]))
    assert found == {"big.jpg": b"big", "next.jpg": b"next", "export.zip": Reason.TRUNCATED}


# --- built to harm -----------------------------------------------------------------------


def test_overlapping_files_refuse_the_archive(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("kernel.jpg", b"x" * 100)
        again = copy.copy(archive.filelist[0])
        again.filename = "again.jpg"
        archive.filelist.append(again)
    assert read(tree_of(tmp_path, target.getvalue())) == {"export.zip": Reason.HOSTILE}


def test_file_that_reaches_into_the_directory_refuses_the_archive(tmp_path: Path) -> None:
    def reach(info: zipfile.ZipInfo) -> None:
        info.compress_size += 40

    data = packed({"a.jpg": b"x" * 100}, method=zipfile.ZIP_STORED, change=reach)
    assert read(tree_of(tmp_path, data)) == {"export.zip": Reason.HOSTILE}


def test_bomb_stops_at_the_ratio(tmp_path: Path) -> None:
    data = packed({"bomb.jpg": bytes(3_000_000), "fine.jpg": b"fine"})
    found = read(tree_of(tmp_path, data, Limits(ratio_from=100_000)))
    assert found == {"bomb.jpg": Reason.HOSTILE, "fine.jpg": b"fine"}


def test_bomb_without_a_directory_stops_too(tmp_path: Path) -> None:
    data = packed({"bomb.jpg": bytes(3_000_000)}, described_after=True)
    cut = data[: data.index(b"PK\x01\x02")]
    tree = tree_of(tmp_path, cut, Limits(ratio_from=100_000))
    assert read(tree) == {"export.zip": Reason.HOSTILE}


def test_archive_that_claims_far_more_than_its_size_is_refused(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed({"a.jpg": bytes(900_000)}), Limits(total_from=10_000))
    assert read(tree) == {"export.zip": Reason.HOSTILE}


def test_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    assert read(tree_of(tmp_path, packed(), Limits(entries=2))) == {"export.zip": Reason.HOSTILE}


def test_too_many_files_without_a_directory_end_the_archive(tmp_path: Path) -> None:
    data = packed()
    cut = data[: data.index(b"PK\x01\x02")]
    found = read(tree_of(tmp_path, cut, Limits(entries=2)))
    assert found.pop("export.zip") is Reason.HOSTILE
    assert len(found) == 2


def test_member_over_the_size_limit_is_refused_before_a_byte_is_read(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed({"a.jpg": b"x" * 101}), Limits(member=100))
    assert read(tree) == {"a.jpg": Reason.TOO_LARGE}


def test_name_longer_than_any_path_is_skipped(tmp_path: Path) -> None:
    [found] = tree_of(tmp_path, packed({"n" * 65_500: b"x"})).members()
    assert isinstance(found, Skipped)
    assert found.reason is Reason.HOSTILE
    assert len(found.item) < 120


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_accounted_for_and_not_followed(tmp_path: Path, kind: int) -> None:
    def special(info: zipfile.ZipInfo) -> None:
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16

    tree = tree_of(tmp_path, packed({"link.jpg": b"/etc/passwd"}, change=special))
    assert read(tree) == {"export.zip/link.jpg": Reason.LINK}


# --- one member's trouble ----------------------------------------------------------------


def _set(name: str, value: int) -> Change:
    return lambda info: setattr(info, name, value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set("flag_bits", 1), Reason.ENCRYPTED),
        (_set("compress_type", 99), Reason.ENCRYPTED),
        (_set("compress_type", 9), Reason.UNSUPPORTED),
        (_set("compress_type", 93), Reason.UNSUPPORTED),
        (_set("compress_type", 0), Reason.DAMAGED),
        (_set("CRC", 1), Reason.DAMAGED),
        (_set("file_size", 1599), Reason.DAMAGED),
        (_set("file_size", 1601), Reason.DAMAGED),
        (_set("compress_size", 100), Reason.DAMAGED),
    ],
)
def test_trouble_with_one_member_has_a_reason(
    tmp_path: Path, change: Change, reason: Reason
) -> None:
    tree = tree_of(tmp_path, packed({"a.jpg": FILES["Takeout/a.jpg"]}, change=change))
    assert read(tree) == {"a.jpg": reason}


def test_unknown_method_is_named(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed({"a.jpg": b"x"}, change=_set("compress_type", 9)))
    [member] = tree.members()
    assert isinstance(member, Member)
    with pytest.raises(Unreadable) as caught:
        tree.open(member)
    assert "deflate64" in caught.value.detail


def test_damage_stays_damage_when_it_is_read_again(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed({"a.jpg": b"x" * 100}, change=_set("CRC", 1)))
    [member] = tree.members()
    assert isinstance(member, Member)
    file = tree.open(member)
    for _ in range(2):
        with pytest.raises(Unreadable):
            file.read()


def test_archive_that_vanished_or_changed_is_a_reason_and_no_crash(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    path = tmp_path / "export.zip"
    listed = [item for item in tree.members() if isinstance(item, Member)]
    path.write_bytes(b"something else" * 300)
    assert read(tree) == {"export.zip": Reason.DAMAGED}
    with pytest.raises(Unreadable) as caught:
        tree.open(listed[0])
    assert caught.value.reason is Reason.DAMAGED
    path.unlink()
    assert read(tree) == {"export.zip": Reason.VANISHED}
    with pytest.raises(Unreadable) as caught:
        tree.open(listed[0])
    assert caught.value.reason is Reason.VANISHED


def test_archive_cut_after_it_was_listed_is_a_reason(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed(method=zipfile.ZIP_STORED))
    *_, last = (item for item in tree.members() if isinstance(item, Member))
    path = tmp_path / "export.zip"
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"Takeout/c.jpg") + 50])
    with tree.open(last) as file, pytest.raises(Unreadable) as caught:
        file.read()
    assert caught.value.reason is Reason.TRUNCATED


def test_archive_without_permission_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, *_: object, **__: object) -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "export.zip").write_bytes(packed())
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SourceError, match=r"export\.zip cannot be opened: Permission denied"):
        gather([tmp_path / "export.zip"])


def test_more_archives_than_may_stay_open_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "_MOST_OPEN", 2)
    for number in range(5):
        (tmp_path / f"takeout-{number}.zip").write_bytes(packed({f"Takeout/{number}.jpg": b"x"}))
    tree = gather([tmp_path])[0]
    for _ in range(2):
        assert set(read(tree).values()) == {b"x"}


def test_trouble_travels_between_processes() -> None:
    trouble = pickle.loads(pickle.dumps(Unreadable(Reason.DAMAGED, "why")))
    assert (trouble.reason, trouble.detail) == (Reason.DAMAGED, "why")


# --- names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "path"),
    [
        ("/etc/passwd", "etc/passwd"),
        ("../../up.jpg", "up.jpg"),
        ("C:\\Users\\a.jpg", "Users/a.jpg"),
        ("a//./b.jpg", "a/b.jpg"),
        ("Cafe\u0301/e.jpg", "Café/e.jpg"),
        ("line\nfeed.jpg", "line\ufffdfeed.jpg"),
        ("trailing /space .jpg", "trailing /space .jpg"),
        ("..", "unnamed"),
    ],
)
def test_names_are_labels_and_normalised_for_matching(
    tmp_path: Path, recorded: str, path: str
) -> None:
    [member] = tree_of(tmp_path, packed({recorded: b"x"})).members()
    assert isinstance(member, Member)
    assert (member.path, member.shown) == (path, recorded)


def test_name_behind_a_nul_is_shown_and_not_hidden(tmp_path: Path) -> None:
    data = packed({"a.jpgXb.exe": b"x"}).replace(b"a.jpgXb.exe", b"a.jpg\0b.exe")
    assert paths(tree_of(tmp_path, data)) == ["a.jpg\ufffdb.exe"]


@pytest.mark.parametrize(
    ("raw", "path"), [(b"Zo\xc3\xab.jpg", "Zoë.jpg"), (b"Zo_\x89.jpg", "Zo_ë.jpg")]
)
def test_name_without_its_encoding_is_recovered(tmp_path: Path, raw: bytes, path: str) -> None:
    assert paths(tree_of(tmp_path, packed({"Zoe_.jpg": b"x"}).replace(b"Zoe_.jpg", raw))) == [path]


@pytest.mark.parametrize(("belongs", "path"), [(True, "Zoë.jpg"), (False, "Zo_.jpg")])
def test_unicode_name_beside_the_name_counts_if_it_belongs_to_it(
    tmp_path: Path, path: str, *, belongs: bool
) -> None:
    field = b"\x01" + zlib.crc32(b"Zo_.jpg" if belongs else b"other").to_bytes(4, "little")
    field += "Zoë.jpg".encode()
    info = zipfile.ZipInfo("Zo_.jpg")
    info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, b"x")
    assert paths(tree_of(tmp_path, target.getvalue())) == [path]


def test_same_name_twice_is_two_members_with_their_own_bytes(tmp_path: Path) -> None:
    data = packed({"a.jpg": b"one", "b.jpg": b"two"}).replace(b"b.jpg", b"a.jpg")
    tree = tree_of(tmp_path, data)
    members = [item for item in tree.members() if isinstance(item, Member)]
    assert [m.path for m in members] == ["a.jpg", "a.jpg"]
    assert [tree.open(m).read() for m in members] == [b"one", b"two"]
    assert len({m.locator for m in members}) == 2


# --- good ones ---------------------------------------------------------------------------


def test_folders_are_no_files_and_archives_of_other_kinds_stay_shut(tmp_path: Path) -> None:
    data = packed({"folder/": b"", "folder\\": b"", "more.7z": b"7z", "more.tar.gz": b"x"})
    assert read(tree_of(tmp_path, data)) == {
        "export.zip/more.7z": Reason.NESTED,
        "export.zip/more.tar.gz": Reason.NESTED,
    }


def test_program_in_front_of_a_zip_does_not_hide_it(tmp_path: Path) -> None:
    assert read(tree_of(tmp_path, b"MZ program" * 50 + packed())) == FILES


def test_another_process_opens_a_member_without_listing(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    members = list(tree.members())
    again = reopen(pickle.loads(pickle.dumps(tree.parts)))
    for member in pickle.loads(pickle.dumps(members)):
        with again.open(member) as file:
            assert file.read() == FILES[member.path]


def test_same_archive_is_known_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_bytes(packed())
    (tmp_path / "two.zip").write_bytes(packed())
    (tmp_path / "other.zip").write_bytes(packed({"a.jpg": b"x"}))
    one, two, other = gather([tmp_path / f"{n}.zip" for n in ("one", "two", "other")])
    assert one.parts[0].fingerprint == two.parts[0].fingerprint != other.parts[0].fingerprint


def test_reading_in_small_steps_gives_the_same_bytes(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    for member in tree.members():
        assert isinstance(member, Member)
        with tree.open(member) as file:
            pieces = []
            while piece := file.read(7):
                pieces.append(piece)
        assert b"".join(pieces) == FILES[member.path]


@pytest.mark.parametrize("cut", [False, True])
def test_stamp_is_the_time_of_the_entry_as_if_in_utc(tmp_path: Path, *, cut: bool) -> None:
    at = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)
    data = dated({"a.jpg": b"1"}, at)
    tree = tree_of(tmp_path, data[: data.index(b"PK\x01\x02")] if cut else data)
    stamps = [one.stamp for one in tree.members() if isinstance(one, Member)]
    assert stamps == [int(at.timestamp()) // 2 * 2]


@pytest.mark.parametrize("cut", [False, True])
def test_time_that_is_none_makes_no_stamp(tmp_path: Path, *, cut: bool) -> None:
    data = dated({"a.jpg": b"1"}, datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC))
    when = data[10:14]
    assert data.count(when) == len(("header", "directory"))
    data = data.replace(when, bytes(4))  # the 0th of the 0th month
    tree = tree_of(tmp_path, data[: data.index(b"PK\x01\x02")] if cut else data)
    assert [one.stamp for one in tree.members() if isinstance(one, Member)] == [0]
