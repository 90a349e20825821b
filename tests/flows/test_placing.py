"""What an export says, read for matches only, and never more of it than memory bears."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from selfcheck import sources
from selfcheck.flows import placing
from selfcheck.ledger import Ledger
from selfcheck.model import (
    Address,
    Band,
    Box,
    Context,
    Examined,
    Match,
    Member,
    Missing,
    PictureKind,
)

TIMES = 40


@pytest.fixture
def made_to_fill(tmp_path: Path) -> Path:
    """Write a Facebook export that lists its one picture, and one that is absent, often."""
    posts = tmp_path / "export" / "your_facebook_activity" / "posts"
    (posts / "media").mkdir(parents=True)
    (posts / "media" / "one.jpg").write_bytes(b"stands for a picture")
    uri = "your_facebook_activity/posts/media/"
    told = [
        {"data": [{"post": f"caption {n}"}], "attachments": [{"data": [{"media": {"uri": one}}]}]}
        for n in range(TIMES)
        for one in (f"{uri}one.jpg", f"{uri}absent{n}.jpg")
    ]
    (posts / "your_posts_1.json").write_text(json.dumps(told))
    return tmp_path / "export"


def test_a_picture_listed_endlessly_does_not_fill_the_memory(
    made_to_fill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "MOST_CONTEXTS", 5)
    monkeypatch.setattr(placing, "MOST_MISSING", 7)
    (tree,) = sources.gather([made_to_fill])
    members = [one for one in tree.members() if isinstance(one, Member)]
    box = Box(left=0, top=0, right=9, bottom=9)
    match = Match(band=Band.YOU, distance=0.1, box=box, picture_width=9, picture_height=9, faces=1)
    with Ledger.open(tmp_path / "ledger") as ledger:
        source = ledger.source(label="export", parts=tree.parts)
        ledger.list_members(source, members)
        for item in ledger.pending(source):
            if item.member.path.endswith(".jpg"):
                ledger.settle(item, Examined(sha256="0" * 64, faces=1, match=match))
        placing.place(tree, ledger, source, members)
        (exposure,) = ledger.exposures()
        (summary,) = ledger.sources()
    assert [one.caption for one in exposure.occurrences[0].contexts] == [
        f"caption {n}" for n in range(5)
    ]
    assert len(summary.missing) == 7


def test_of_addresses_nothing_but_their_number_is_kept(tmp_path: Path) -> None:
    tables = {
        "posts.csv": "id,permalink,date,ip,subreddit,gildings,title,url,body\n"
        "a1,https://www.reddit.com/r/hiddenhills/a1,2024-01-02 03:04:05 UTC,,hiddenhills,0,"
        "hidden title,https://i.redd.it/hidden.jpg,hidden words\n",
        "comments.csv": "id\n",
        "post_votes.csv": "id\n",
    }
    (tmp_path / "export").mkdir()
    for name, written in tables.items():
        (tmp_path / "export" / name).write_text(written)
    (tree,) = sources.gather([tmp_path / "export"])
    members = [one for one in tree.members() if isinstance(one, Member)]
    with Ledger.open(tmp_path / "ledger") as ledger:
        source = ledger.source(label="export", parts=tree.parts)
        ledger.list_members(source, members)
        placing.place(tree, ledger, source, members)
        (summary,) = ledger.sources()
    assert (summary.platform, summary.addresses) == ("Reddit", 1)
    held = b"".join(one.read_bytes() for one in tmp_path.glob("ledger*"))
    assert b"posts.csv" in held
    assert b"hidden" not in held


def test_what_is_named_twice_counts_once() -> None:
    context = Context(platform="x", kind=PictureKind.POST)
    told = [Missing(path=path, listed_in=f"{n}.json") for n in "12" for path in ("a.jpg", "b.jpg")]
    named = [Address(address=one, context=context) for one in ("https://a", "https://b")]
    listing = placing._Listing({}, 1)
    assert listing.read([*told, *named, *named]) == told[:2]
    assert listing.addresses == 2
    assert list(listing.links) == ["https://a"]
