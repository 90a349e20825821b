"""The demo's archives hold what their record says, read as a scan reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from selfcheck import exports, pictures, sources
from selfcheck.demo import archives
from selfcheck.demo.archives import Planted, plant
from selfcheck.demo.people import PEOPLE
from selfcheck.demo.shots import SHOTS
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Event,
    Member,
    Missing,
    Picture,
    PictureKind,
    Reason,
    Stage,
    Tree,
)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return []


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> Planted:
    owner, *others = PEOPLE
    folder = tmp_path_factory.mktemp("planted")
    return plant(folder, owner=owner, others=others, on_event=events.append)


@pytest.fixture(scope="module")
def trees(planted: Planted) -> dict[str, Tree]:
    found = sources.gather(planted.archives)
    return {exports.recognise(documents(tree)).name: tree for tree in found}


def documents(tree: Tree) -> exports.Documents:
    return exports.Documents.of(tree, listed(tree))


def listed(tree: Tree) -> Iterator[Member]:
    for member in tree.members():
        assert isinstance(member, Member)
        yield member


def contexts(tree: Tree) -> dict[str, list[Context]]:
    docs = documents(tree)
    found: dict[str, list[Context]] = {}
    for picture in exports.recognise(docs).read(docs):
        if isinstance(picture, Picture):
            found.setdefault(picture.member.path, []).append(picture.context)
    return found


def test_too_few_people_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="4 others are needed"):
        plant(tmp_path, owner=PEOPLE[0], others=PEOPLE[1:3])


def test_each_archive_is_recognised_and_the_takeout_is_one_source(trees: dict[str, Tree]) -> None:
    assert set(trees) == {"facebook", "instagram", "google_takeout"}
    assert [len(trees[name].parts) for name in ("facebook", "google_takeout")] == [1, 2]


def test_every_file_is_accounted_for(planted: Planted, trees: dict[str, Tree]) -> None:
    found = sum(1 for tree in trees.values() for _ in listed(tree))
    assert planted.accounting.balances()
    assert planted.accounting.found == found
    assert planted.accounting.skipped == 1
    assert planted.accounting.duplicate == 2


def test_what_is_counted_as_a_picture_is_one_and_the_cut_one_ends_too_early(
    planted: Planted, trees: dict[str, Tree]
) -> None:
    kinds = Counter(kind_of(tree, member) for tree in trees.values() for member in listed(tree))
    counted = planted.accounting
    assert kinds["picture"] == counted.checked + counted.duplicate
    assert kinds["document"] == counted.ignored
    assert kinds[Reason.TRUNCATED] == counted.skipped


def kind_of(tree: Tree, member: Member) -> str:
    with tree.open(member) as stream:
        data = stream.read()
    form = pictures.sniff(data[: pictures.HEAD])
    if form is None:
        return "document"
    if form.is_film:
        film = pictures.key_frames(BytesIO(data))
        assert not isinstance(film, pictures.Unreadable)
        seen = list(film.frames(long_side=640, budget=pictures.Budget()))
        assert [frame.second for frame in seen] == [0, 4]
        return "picture"
    still = pictures.decode(data)
    return still.reason if isinstance(still, pictures.Unreadable) else "picture"


def test_owner_is_planted_alone_and_with_others_and_others_without_the_owner() -> None:
    seen = {frozenset(shot.people) for shot in SHOTS}
    assert {frozenset(), frozenset({0}), frozenset({0, 1}), frozenset({1, 2})} <= seen


def test_owner_is_recorded_in_every_place_where_a_picture_stands(planted: Planted) -> None:
    spots = {path.rpartition("/")[2] for _, path in planted.owner}
    assert {"100001_200001_300001_n_200001.jpg", "beach.jpg", "IMG_0001.HEIC"} <= spots
    assert sum(1 for _, path in planted.owner if path.endswith("IMG_0002.jpg")) == 2
    assert archives.FACEBOOK["cut"] not in {path for _, path in planted.owner}
    names = {path.name for path in planted.archives}
    assert {name for name, _ in planted.owner} < names


def test_sideways_picture_is_stored_turned_and_shown_upright(trees: dict[str, Tree]) -> None:
    tree = trees["google_takeout"]
    member = next(m for m in listed(tree) if m.path == archives.TAKEOUT["summit"])
    with tree.open(member) as stream:
        still = pictures.decode(stream.read())
    assert not isinstance(still, pictures.Unreadable)
    assert (still.width, still.height) == (600, 800)


def test_facebook_tells_caption_album_sender_and_what_it_misses(trees: dict[str, Tree]) -> None:
    found = contexts(trees["facebook"])
    album, post = found[archives.FACEBOOK["beach"]]
    assert (album.kind, album.album) == (PictureKind.ALBUM, "Été au lac")
    assert post.caption == "Füße im Sand 🌊"
    assert post.permalink_derived
    (sent,) = found[archives.FACEBOOK["sent"]]
    assert (sent.author, sent.audience) == (Author.OTHER, Audience.DIRECT)
    assert sent.author_name == f"{PEOPLE[1].name} Example"
    assert archives.FACEBOOK["forgotten"] not in found
    docs = documents(trees["facebook"])
    missing = [m for m in exports.recognise(docs).read(docs) if isinstance(m, Missing)]
    assert [m.path.rpartition("/")[2] for m in missing] == ["900001_900002_900003_n_900004.jpg"]


def test_instagram_and_google_list_every_picture_they_hold(trees: dict[str, Tree]) -> None:
    assert set(contexts(trees["instagram"])) == set(archives.INSTAGRAM.values())
    takeout = contexts(trees["google_takeout"])
    assert set(takeout) == set(archives.TAKEOUT.values())
    (lake,) = takeout[archives.TAKEOUT["lake"]]
    assert lake.place is not None
    assert lake.place.latitude == pytest.approx(47.5442)
    (album,) = takeout[archives.TAKEOUT["summit/album"]]
    assert album.album == "Hüttentour: Tag & Nacht"


def test_drawing_reports_its_progress(planted: Planted, events: list[Event]) -> None:
    assert [event.done for event in events] == list(range(len(SHOTS)))
    assert {(event.stage, event.total) for event in events} == {(Stage.DRAWING, len(SHOTS))}
