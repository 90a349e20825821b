from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcheck.errors import SourceError
from selfcheck.model import Member, Reason, Skipped, Unreadable
from selfcheck.sources import Limits, PartsTree, gather

FILES = {f"Takeout/{n}.jpg": os.urandom(700) + b"x" * 900 for n in "abc"}


def packed(
    files: dict[str, bytes] = FILES,
    *,
    others: Iterable[tarfile.TarInfo] = (),
    layout: int = tarfile.PAX_FORMAT,
) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=layout) as archive:
        for info in others:
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def header(name: str, kind: bytes, size: int) -> bytes:
    info = special(name, kind)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def tree_of(
    folder: Path, data: bytes, *, name: str = "export.tgz", limits: Limits | None = None
) -> PartsTree:
    path = folder / name
    path.write_bytes(gzip.compress(data, 6) if name.endswith("gz") else data)
    return gather([path], limits)[0]


def read(tree: PartsTree) -> dict[str, bytes | Reason]:
    found: dict[str, bytes | Reason] = {}
    for item in tree.stream():
        if isinstance(item, Skipped):
            found[item.item] = item.reason
            continue
        member, file = item
        try:
            found[member.path] = file.read()
        except Unreadable as trouble:
            found[member.path] = trouble.reason
    return found


# --- what is no tar ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["export.tar", "export.tgz", "export.tar.gz"])
@pytest.mark.parametrize("content", [b"", b"just text", b"long text " * 100])
def test_file_that_is_no_archive_is_one_sentence_and_an_action(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match="export") as caught:
        gather([tmp_path / name])
    assert "download it again" in caught.value.hint


def test_packed_text_named_like_an_archive_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="something else"):
        tree_of(tmp_path, b"only some text " * 100)


@pytest.mark.parametrize("name", ["export.tar", "export.tgz"])
def test_empty_tar_is_a_tree_without_members(tmp_path: Path, name: str) -> None:
    assert read(tree_of(tmp_path, packed({}), name=name)) == {}


# --- cut and damaged ---------------------------------------------------------------------


def test_truncated_tgz_yields_what_came_before_the_break(tmp_path: Path) -> None:
    path = tmp_path / "export.tgz"
    tree = tree_of(tmp_path, packed())
    path.write_bytes(path.read_bytes()[:-400])
    found = read(tree)
    assert found["Takeout/a.jpg"] == FILES["Takeout/a.jpg"]
    assert found["Takeout/b.jpg"] == FILES["Takeout/b.jpg"]
    assert found["Takeout/c.jpg"] is Reason.TRUNCATED
    assert found["export.tgz"] is Reason.TRUNCATED


def test_tar_cut_between_two_files_does_not_pass_for_whole(tmp_path: Path) -> None:
    data = packed()
    cut = data[: data.index(b"Takeout/c.jpg")]
    a, b, *_ = FILES.items()
    found = read(tree_of(tmp_path, cut, name="export.tar"))
    assert found == dict([a, b]) | {"export.tar": Reason.TRUNCATED}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["export.tar", "export.tgz"]), share=st.floats(0, 1))
def test_tar_cut_anywhere_yields_a_prefix_and_at_most_one_skipped(
    tmp_path: Path, name: str, share: float
) -> None:
    tree = tree_of(tmp_path, packed(), name=name)
    path = tmp_path / name
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    found = read(tree)
    if found.pop(name, None) is None:
        assert found == FILES
    whole = {path: content for path, content in found.items() if isinstance(content, bytes)}
    assert list(whole.items()) == list(FILES.items())[: len(whole)]
    assert len(found) - len(whole) <= 1


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), bit=st.integers(0, 7))
def test_tgz_with_a_flipped_bit_never_raises_and_never_goes_unnoticed(
    tmp_path: Path, share: float, bit: int
) -> None:
    tree = tree_of(tmp_path, packed())
    path = tmp_path / "export.tgz"
    data = bytearray(path.read_bytes())
    data[int(share * (len(data) - 1))] ^= 1 << bit
    path.write_bytes(data)
    found = read(tree)
    # Time stamp and system of the gzip header are no part of what is stored.
    assert found == FILES or "export.tgz" in found or not data.startswith(b"\x1f\x8b")


@pytest.mark.parametrize("length", [2, 20, 40])
def test_tgz_cut_in_its_first_bytes_is_a_cut_archive(tmp_path: Path, length: int) -> None:
    path = tmp_path / "export.tgz"
    path.write_bytes(gzip.compress(packed())[:length])
    [tree] = gather([path])
    assert read(tree) == {"export.tgz": Reason.TRUNCATED}


def test_wrong_checksum_over_the_whole_is_told(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    path = tmp_path / "export.tgz"
    data = bytearray(path.read_bytes())
    data[-8] ^= 1
    path.write_bytes(data)
    assert read(tree) == FILES | {"export.tgz": Reason.DAMAGED}


def test_damaged_header_ends_the_archive_and_says_so(tmp_path: Path) -> None:
    data = packed().replace(b"Takeout/b.jpg", b"Takeout/X.jpg")
    found = read(tree_of(tmp_path, data))
    assert found == dict([*FILES.items()][:1]) | {"export.tgz": Reason.DAMAGED}


@pytest.mark.parametrize(
    "record", [b"99 path=x\n", b"path=x\n", b"0 path=x\n", b"1 path=x\n", b"-5 a=b\n", b"9" * 600]
)
def test_damaged_pax_header_is_damage_and_no_crash(tmp_path: Path, record: bytes) -> None:
    data = header("pax", tarfile.XHDTYPE, len(record)) + record.ljust(1024, b"\0") + packed()
    assert read(tree_of(tmp_path, data)) == {"export.tgz": Reason.DAMAGED}


@pytest.mark.parametrize("size", [b"-7", b"x", b"9" * 5000])
def test_pax_size_that_is_none_is_damage(tmp_path: Path, size: bytes) -> None:
    length = len(size) + len(b" size=\n")
    length += len(str(length + len(str(length))))
    record = b"%d size=%s\n" % (length, size)
    padded = record.ljust(-(-len(record) // 512) * 512, b"\0")
    data = header("pax", tarfile.XHDTYPE, len(record)) + padded + packed()
    assert read(tree_of(tmp_path, data)) == {"export.tgz": Reason.DAMAGED}


def test_negative_size_is_damage(tmp_path: Path) -> None:
    block = bytearray(header("a.jpg", tarfile.REGTYPE, 5))
    block[124:136] = (2**96 - 512).to_bytes(12, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    found = read(tree_of(tmp_path, bytes(block) + packed(), name="export.tar"))
    assert found == {"export.tar": Reason.DAMAGED}


# --- built to harm -----------------------------------------------------------------------


def test_bomb_stops_at_the_ratio(tmp_path: Path) -> None:
    data = packed({"fine.jpg": b"fine", "bomb.jpg": bytes(5_000_000)})
    found = read(tree_of(tmp_path, data, limits=Limits(ratio_from=100_000)))
    assert found == {
        "fine.jpg": b"fine",
        "bomb.jpg": Reason.HOSTILE,
        "export.tgz": Reason.HOSTILE,
    }


def test_bomb_that_nobody_reads_stops_too(tmp_path: Path) -> None:
    data = packed({"bomb.jpg": bytes(5_000_000), "behind.jpg": b"x"})
    *_, last = tree_of(tmp_path, data, limits=Limits(ratio_from=100_000)).stream()
    assert isinstance(last, Skipped)
    assert last.reason is Reason.HOSTILE


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_header_of_many_megabytes_is_refused_unread(tmp_path: Path, kind: bytes) -> None:
    data = header("long", kind, 1 << 33) + packed()
    assert read(tree_of(tmp_path, data, name="export.tar")) == {"export.tar": Reason.HOSTILE}


def test_pax_header_of_digits_takes_no_time(tmp_path: Path) -> None:
    digits = b"1" * (1 << 20)
    data = header("pax", tarfile.XHDTYPE, len(digits)) + digits + packed()
    assert read(tree_of(tmp_path, data)) == {"export.tgz": Reason.DAMAGED}


def test_links_and_devices_are_accounted_for_and_not_followed(tmp_path: Path) -> None:
    others = [
        special("soft.jpg", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard.jpg", tarfile.LNKTYPE, "../../secret"),
        special("device.jpg", tarfile.CHRTYPE),
        special("pipe.jpg", tarfile.FIFOTYPE),
        special("folder", tarfile.DIRTYPE),
    ]
    assert read(tree_of(tmp_path, packed(others=others))) == FILES | {
        f"export.tgz/{n}.jpg": Reason.LINK for n in ("soft", "hard", "device", "pipe")
    }


def test_link_that_claims_a_size_does_not_swallow_what_follows(tmp_path: Path) -> None:
    data = header("soft.jpg", tarfile.SYMTYPE, 4096) + packed()
    assert read(tree_of(tmp_path, data)) == FILES | {"export.tgz/soft.jpg": Reason.LINK}


def test_unknown_entry_is_accounted_for_with_its_bytes(tmp_path: Path) -> None:
    data = header("strange", b"Q", 700) + bytes(1024) + packed()
    assert read(tree_of(tmp_path, data)) == FILES | {"export.tgz/strange": Reason.LINK}


def test_sparse_files_of_both_kinds_are_skipped_and_the_rest_is_read(tmp_path: Path) -> None:
    old = bytearray(header("old.jpg", tarfile.GNUTYPE_SPARSE, 600))
    old[482] = 1
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old)
    new = tarfile.TarInfo("new.jpg")
    new.pax_headers = {"GNU.sparse.major": "1"}
    data = bytes(old) + bytes(512) + b"x" * 600 + bytes(424) + packed(others=[new])
    assert read(tree_of(tmp_path, data)) == FILES | {
        "export.tgz/old.jpg": Reason.UNSUPPORTED,
        "export.tgz/new.jpg": Reason.UNSUPPORTED,
    }


def test_member_over_the_size_limit_is_skipped_and_the_rest_is_read(tmp_path: Path) -> None:
    data = packed({"big.jpg": b"x" * 101, "small.jpg": b"y"})
    assert read(tree_of(tmp_path, data, limits=Limits(member=100))) == {
        "export.tgz/big.jpg": Reason.TOO_LARGE,
        "small.jpg": b"y",
    }


@pytest.mark.parametrize("layout", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_name_longer_than_any_path_is_skipped(tmp_path: Path, layout: int) -> None:
    data = packed({"n" * 65_536: b"x", "b.jpg": b"y"}, layout=layout)
    first, *rest = tree_of(tmp_path, data).stream()
    assert isinstance(first, Skipped)
    assert first.reason is Reason.HOSTILE
    assert len(rest) == 1


# --- names -------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names_come_whole_in_every_layout(tmp_path: Path, layout: int) -> None:
    name = "Zoë/" + "long " * 15 + "/" + "name " * 18 + ".jpg"
    assert read(tree_of(tmp_path, packed({name: b"x"}, layout=layout))) == {name: b"x"}


@pytest.mark.parametrize(
    ("recorded", "path"), [("/etc/passwd", "etc/passwd"), ("../up.jpg", "up.jpg")]
)
def test_names_are_labels_only(tmp_path: Path, recorded: str, path: str) -> None:
    assert read(tree_of(tmp_path, packed({recorded: b"x"}))) == {path: b"x"}


def test_name_without_utf8_is_recovered(tmp_path: Path) -> None:
    data = packed({"Zo\udc89.jpg": b"x"}, layout=tarfile.GNU_FORMAT)
    assert read(tree_of(tmp_path, data)) == {"Zoë.jpg": b"x"}


def test_same_name_twice_is_two_members(tmp_path: Path) -> None:
    others = [tarfile.TarInfo("Takeout/a.jpg")]
    members = [
        item[0]
        for item in tree_of(tmp_path, packed(others=others)).stream()
        if not isinstance(item, Skipped) and item[0].path == "Takeout/a.jpg"
    ]
    assert len({member.locator for member in members}) == 2


# --- once, from front to back ------------------------------------------------------------


def test_tar_lists_nothing_and_says_that_it_is_streamed(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    assert tree.streamed
    assert list(tree.members()) == []


def test_members_that_nobody_reads_are_passed_over(tmp_path: Path) -> None:
    assert [member.path for member in _members(tree_of(tmp_path, packed()))] == list(FILES)


def test_file_is_no_good_once_the_next_member_was_asked_for(tmp_path: Path) -> None:
    stream = tree_of(tmp_path, packed()).stream()
    first = next(stream)
    next(stream)
    assert isinstance(first, tuple)
    with pytest.raises(Unreadable) as caught:
        first[1].read()
    assert caught.value.reason is Reason.VANISHED


def _members(tree: PartsTree) -> list[Member]:
    return [item[0] for item in tree.stream() if isinstance(item, tuple)]


def test_document_of_a_stream_opens_afterwards_and_a_picture_does_not(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed({"a.JSON": b"{}", "b.html": b"<p>", "c.jpg": b"x"}))
    document, page, picture = _members(tree)
    assert tree.open(document).read() == b"{}"
    assert tree.open(page).read() == b"<p>"
    with pytest.raises(Unreadable, match="not kept"):
        tree.open(picture)


def test_documents_are_kept_within_both_limits_and_still_seen_in_passing(tmp_path: Path) -> None:
    files = {"a.json": b"1" * 60, "b.json": b"2" * 101, "c.json": b"3" * 60, "d.json": b"4" * 30}
    limits = Limits(document=100, documents=100)
    assert read(tree_of(tmp_path, packed(files), limits=limits)) == files
    tree = tree_of(tmp_path, packed(files), limits=limits)
    a, b, c, d = _members(tree)
    assert tree.open(a).read() + tree.open(d).read() == files["a.json"] + files["d.json"]
    for member in (b, c):
        with pytest.raises(Unreadable) as caught:
            tree.open(member)
        assert caught.value.reason is Reason.TOO_LARGE


def test_document_cut_by_the_end_of_a_stream_is_not_given_as_whole(tmp_path: Path) -> None:
    data = packed({"a.json": b"1" * 900})
    tree = tree_of(tmp_path, data[: data.index(b"1" * 9) + 100], name="export.tar")
    found = {}
    for item in tree.stream():
        if isinstance(item, Skipped):
            found["archive"] = item.reason
        else:
            with pytest.raises(Unreadable) as caught:
                item[1].read()
            found["read"] = caught.value.reason
            with pytest.raises(Unreadable) as caught:
                tree.open(item[0])
            found["open"] = caught.value.reason
    assert found == dict.fromkeys(("read", "open", "archive"), Reason.TRUNCATED)


def test_gzip_in_several_pieces_with_padding_reads_as_one(tmp_path: Path) -> None:
    data = packed()
    tree = tree_of(tmp_path, data)
    pieces = [gzip.compress(data[at : at + 2000]) for at in range(0, len(data), 2000)]
    (tmp_path / "export.tgz").write_bytes(b"".join(pieces) + bytes(1000))
    assert read(tree) == FILES


def test_tgz_that_vanished_is_a_reason_and_no_crash(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, packed())
    (tmp_path / "export.tgz").unlink()
    assert read(tree) == {"export.tgz": Reason.VANISHED}


def test_archives_inside_that_are_no_zips_stay_shut(tmp_path: Path) -> None:
    assert read(tree_of(tmp_path, packed({"more.tgz": b"PK", "a.jpg": b"x"}))) == {
        "export.tgz/more.tgz": Reason.NESTED,
        "a.jpg": b"x",
    }


def test_too_many_files_end_the_archive(tmp_path: Path) -> None:
    found = read(tree_of(tmp_path, packed(), limits=Limits(entries=2)))
    assert found.pop("export.tgz") is Reason.HOSTILE
    assert len(found) == 2
