"""A uri leads to its file whatever prefix it names, and never to somebody else's `1.jpg`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.uris import Uris

Build = Callable[..., Documents]

LIST = "fb/posts/your_posts_1.json"


def found(docs: Documents, uri: str) -> list[str]:
    return [m.path for m in Uris(docs).members(uri, docs.members[0])]


@pytest.mark.parametrize(
    "uri",
    ["", "/", "..", "../a.jpg", "posts/../../etc/passwd", "https://", "http://[", "a://b?c", " "],
)
def test_uri_that_names_no_file_leads_nowhere(build: Build, uri: str) -> None:
    assert found(build({LIST: [], "fb/posts/a.jpg": None, "fb/etc/passwd": None}), uri) == []


def test_short_name_in_another_folder_is_somebody_elses(build: Build) -> None:
    docs = build({LIST: [], "fb/messages/inbox/bo/photos/1.jpg": None})
    assert found(docs, "messages/inbox/cy/photos/1.jpg") == []


def test_name_that_several_folders_hold_is_not_guessed(build: Build) -> None:
    name = "100_200_300_n_400.jpg"
    docs = build({LIST: [], f"fb/x/{name}": None, f"fb/y/{name}": None})
    assert found(docs, f"z/{name}") == []


def test_whole_uri_under_any_root(build: Build) -> None:
    docs = build({LIST: [], "deep/er/fb/posts/media/1.jpg": None})
    assert found(docs, "posts/media/1.jpg") == ["deep/er/fb/posts/media/1.jpg"]
    assert found(docs, "./posts/media/1.jpg") == ["deep/er/fb/posts/media/1.jpg"]


def test_first_folder_of_a_uri_may_be_another(build: Build) -> None:
    docs = build({LIST: [], "fb/your_facebook_activity/posts/media/1.jpg": None})
    uri = "your_activity_across_facebook/posts/media/1.jpg"
    assert found(docs, uri) == ["fb/your_facebook_activity/posts/media/1.jpg"]


def test_distinct_name_is_found_in_any_folder(build: Build) -> None:
    docs = build({LIST: [], "fb/elsewhere/100_200_300_n_400.jpg": None})
    assert found(docs, "posts/media/100_200_300_n_400.jpg") == [
        "fb/elsewhere/100_200_300_n_400.jpg"
    ]


def test_copy_in_another_part_is_found_as_well(build: Build) -> None:
    docs = build({LIST: [], "fb/posts/media/1.jpg": None}, {"fb/posts/media/1.jpg": None})
    assert found(docs, "posts/media/1.jpg") == ["fb/posts/media/1.jpg"] * 2


def test_of_two_exports_in_one_folder_each_finds_its_own(build: Build) -> None:
    docs = build({LIST: [], "other/posts/media/1.jpg": None, "fb/posts/media/1.jpg": None})
    assert found(docs, "posts/media/1.jpg") == ["fb/posts/media/1.jpg"]


def test_remote_address_leads_to_its_local_twin_by_name_or_numbers(build: Build) -> None:
    docs = build({LIST: [], "fb/m/11111_22222_33333_n_44444.jpg": None})
    address = "https://scontent.fbcdn.example/v/t1/{}?oh=1&oe=618DB6A0"
    twin = ["fb/m/11111_22222_33333_n_44444.jpg"]
    assert found(docs, address.format("11111_22222_33333_n.jpg")) == twin
    assert found(docs, address.format("11111_22222_33333_n_44444.jpg")) == twin
    assert found(docs, address.format("11111_22222_33334_n.jpg")) == []
