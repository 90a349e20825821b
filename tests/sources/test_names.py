from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.sources import names


@given(st.binary(min_size=1, max_size=40))
def test_any_bytes_become_text_that_a_database_keeps(raw: bytes) -> None:
    assert names.decode(raw).encode()
    assert names.matching(names.decode(raw)).encode()


@given(st.binary(min_size=1, max_size=40))
def test_any_file_name_is_given_back_as_it_was_stored(raw: bytes) -> None:
    name = os.fsdecode(raw)
    assert names.store(name).encode()
    assert names.restore(names.store(name)) == name


@given(st.text(max_size=60) | st.text("aC:\\/. \x7f", max_size=12))
def test_matching_form_is_relative_composed_and_stays_as_it_is(shown: str) -> None:
    path = names.matching(shown)
    assert path
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))
    assert "\\" not in path
    assert not [c for c in path if unicodedata.category(c) == "Cc"]


@pytest.mark.parametrize(
    ("shown", "path"),
    [
        ("C:\\a\\b.jpg", "a/b.jpg"),
        ("/a//b/", "a/b"),
        ("./a/../b", "a/b"),
        ("..", "unnamed"),
        (".a/..b/c.", ".a/..b/c."),
    ],
)
def test_matching_form_of_odd_names(shown: str, path: str) -> None:
    assert names.matching(shown) == path


@pytest.mark.parametrize("name", ["a.zip", "A.ZIP", "b.tar.gz", "c.tgz", "d.rar", "e.7z", "f.tar"])
def test_archives_are_known_by_their_ending(name: str) -> None:
    assert names.is_archive(name)


@pytest.mark.parametrize("name", ["zip", "a.jpg", "a.zip.jpg", "a.gz", "tar.gz.html"])
def test_other_files_are_no_archives(name: str) -> None:
    assert not names.is_archive(name)
