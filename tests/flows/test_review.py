"""Pictures in review: asked one at a time, decided for good, and lost to no crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from review_stage import CONTEXT, Answering, Enough, crop, sha, uncertain
from stage import Owner, report

from selfcheck import pictures
from selfcheck.errors import LedgerError, NotVerified, ProfileError
from selfcheck.flows import looking, worker
from selfcheck.flows.asking import Answer, Question, Tally
from selfcheck.flows.history import recent, verify
from selfcheck.flows.review import review
from selfcheck.flows.scan import now
from selfcheck.flows.shrinking import shrink
from selfcheck.identity import Best, PassphraseKeys, unseal
from selfcheck.ledger import Ledger
from selfcheck.ledger.chain import What
from selfcheck.model import Band, Box, Decision, FaceQuality, Match
from selfcheck.privacy.paths import Home

ME, NOT_ME, UNSURE, UNDO, STOP = Answer
HOSTILE = "[bold]x[/bold]\x1b[31m\u202e<script>alert(1)</script>"


def answered(owner: Owner, *answers: Answer, again: bool = False, every: bool = False) -> Answering:
    answering = Answering(list(answers))
    review(home=owner.home, keys=owner.keys, reviewer=answering, again=again, every=every)
    return answering


def decisions(owner: Owner) -> dict[str, Decision]:
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        return ledger.decisions()


def pictures_of(answering: Answering) -> list[bytes]:
    return [question.picture for question in answering.asked]


# --- who may, and when


def test_a_review_is_noted_with_how_many_pictures_it_asks_about(owner: Owner) -> None:
    uncertain(owner, 2)
    answered(owner, ME, STOP)
    *_, last = recent(home=owner.home, most=10).lines
    assert (last.entry.what, last.entry.scope) == (What.REVIEW, ("2 pictures",))
    assert verify(home=owner.home, keys=owner.keys).sentence


def test_without_a_profile_nothing_is_shown(tmp_path: Path) -> None:
    answering = Answering([])
    keys = PassphraseKeys(tmp_path / "none", lambda **_: "")
    with pytest.raises(NotVerified):
        review(home=Home(root=tmp_path), keys=keys, reviewer=answering)
    assert answering.asked == []


def test_a_verification_that_has_run_out_opens_nothing(owner: Owner) -> None:
    uncertain(owner, 1)
    answering = Answering([])
    with pytest.raises(NotVerified):
        review(
            home=owner.home,
            keys=owner.keys,
            reviewer=answering,
            clock=lambda: now() + timedelta(hours=3),
        )
    assert answering.asked == []


def test_before_any_scan_it_says_so(owner: Owner) -> None:
    with pytest.raises(LedgerError, match="Nothing was scanned"):
        answered(owner)


def test_without_uncertain_pictures_nothing_is_opened(owner: Owner) -> None:
    uncertain(owner, 2, you=(1, 2))
    assert answered(owner).asked == []


def test_a_crop_of_another_picture_is_not_shown(owner: Owner) -> None:
    uncertain(owner, 2)
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        first, second = ledger.exposures()
        with ledger._db.transaction():
            ledger._db.run(
                "UPDATE matches SET crop = ? WHERE crop = ?", (second.match.crop, first.match.crop)
            )
    with pytest.raises(ProfileError):
        answered(owner, STOP)


# --- one at a time


def test_each_picture_is_shown_once_with_what_is_known_of_it(owner: Owner) -> None:
    uncertain(owner, 3, you=(2,))
    answering = answered(owner, ME, UNSURE, STOP)
    first, second, last = answering.asked
    assert pictures_of(answering) == [crop(1), crop(3), b""]
    assert [(one.place, one.total) for one in answering.asked] == [(0, 2), (1, 2), (2, 2)]
    assert {fact.name: fact.text for fact in first.facts} == {
        "Where": "Facebook, post",
        "When": "21 Jun 2019, 04:05 UTC",
        "Posted by": "Otto Example",
        "Caption": "At the lake",
        "File": "photos/1.jpg",
        "In": "a.zip",
        "Beside it": "1 other face",
    }
    assert (first.undo, second.undo, last.undo) == (None, Decision.ME, Decision.UNSURE)
    assert answering.told == [last.tally] == [Tally(me=1, unsure=1)]


def test_hostile_words_are_harmless_before_anybody_shows_them(owner: Owner) -> None:
    context = replace(CONTEXT, caption=HOSTILE * 999, author_name=HOSTILE, album=HOSTILE)
    uncertain(owner, 1, context=context, name="\x1b]8;;x\x07{}\u202egpj.exe")
    (asked,) = answered(owner, STOP).asked
    for fact in asked.facts:
        assert len(fact.text) <= 300
        assert not set(fact.text) & set("\x1b\x07\u202e")


def test_decisions_are_kept_and_never_asked_again(owner: Owner) -> None:
    uncertain(owner, 4)
    assert len(answered(owner, ME, NOT_ME, UNSURE, STOP).asked) == 4
    kept = {sha(1): Decision.ME, sha(2): Decision.NOT_ME, sha(3): Decision.UNSURE}
    assert decisions(owner) == kept
    assert pictures_of(answered(owner, STOP)) == [crop(4)]
    again = answered(owner, STOP, again=True)
    assert pictures_of(again) == [crop(3)]
    assert again.asked[0].before is Decision.UNSURE
    answered(owner, UNSURE, UNSURE, STOP)
    assert pictures_of(answered(owner, NOT_ME, ME, STOP, again=True)) == [crop(3), crop(4), b""]
    assert answered(owner, again=True).asked == []


def test_those_taken_for_the_owner_come_last_and_only_when_asked_for(owner: Owner) -> None:
    uncertain(owner, 3, you=(1,))
    assert pictures_of(answered(owner, ME, UNSURE, STOP, every=True)) == [crop(2), crop(3), crop(1)]
    assert pictures_of(answered(owner, STOP, every=True)) == [crop(1)]
    confirmed = answered(owner, UNSURE, UNSURE, NOT_ME, STOP, every=True, again=True)
    assert pictures_of(confirmed) == [crop(3), crop(1), crop(2), b""]


def test_a_confirmed_picture_is_yours_in_the_report_and_another_one_is_not_there(
    owner: Owner,
) -> None:
    uncertain(owner, 3)
    answered(owner, ME, NOT_ME, UNSURE, STOP)
    found = report(owner)
    bands = {each.sha256: (each.match.band, each.match.confirmed) for each in found.exposures}
    assert bands == {sha(1): (Band.YOU, True), sha(3): (Band.MAYBE, False)}
    assert found.urgent == (sha(1),)
    assert found.exposures[0].match.distance == 0.52


# --- taking back


def test_the_last_answers_are_taken_back_up_to_what_is_destroyed(owner: Owner) -> None:
    uncertain(owner, 4)
    back = (UNDO, ME, UNSURE, UNDO, UNDO, UNDO, NOT_ME, UNDO, NOT_ME, ME, UNDO, STOP)
    answering = answered(owner, *back)
    places = [question.place for question in answering.asked]
    assert places == [0, 0, 1, 2, 1, 0, 0, 1, 0, 1, 2, 1]


def test_nothing_from_before_a_rejected_picture_comes_back(owner: Owner) -> None:
    uncertain(owner, 3)
    answering = answered(owner, ME, NOT_ME, UNSURE, UNDO, UNDO, UNSURE, STOP)
    assert [question.place for question in answering.asked] == [0, 1, 2, 3, 2, 2, 3]
    assert [question.undo for question in answering.asked] == [
        None,
        Decision.ME,
        Decision.NOT_ME,
        Decision.UNSURE,
        None,
        None,
        Decision.UNSURE,
    ]
    assert answering.told == [Tally(me=1, not_me=1, unsure=1)]


def test_the_last_picture_of_all_can_be_taken_back_too(owner: Owner) -> None:
    uncertain(owner, 1)
    answering = answered(owner, NOT_ME, ME, UNDO, ME, STOP)
    assert pictures_of(answering) == [crop(1), b"", b"", crop(1), b""]
    assert decisions(owner) == {sha(1): Decision.ME}


# --- broken off


def matches(owner: Owner) -> list[Match]:
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        return [each.match for each in ledger.exposures()]


def test_a_review_that_dies_loses_no_decision_and_keeps_no_rejected_crop(owner: Owner) -> None:
    uncertain(owner, 5)
    answering = Answering([ME, UNSURE, NOT_ME])
    with pytest.raises(Enough):
        review(home=owner.home, keys=owner.keys, reviewer=answering)
    assert decisions(owner) == {
        sha(1): Decision.ME,
        sha(2): Decision.UNSURE,
        sha(3): Decision.NOT_ME,
    }
    assert len(matches(owner)) == 4
    assert pictures_of(answered(owner, STOP)) == [crop(4)]


def test_each_decision_is_on_disk_before_the_next_picture_is_shown(owner: Owner) -> None:
    uncertain(owner, 3)
    seen: list[int] = []

    class Watching(Answering):
        def ask(self, question: Question) -> Answer:
            # Another reader of the file sees what is committed, and nothing else.
            with closing(sqlite3.connect(owner.home.ledger)) as other:
                seen.append(*other.execute("SELECT COUNT(*) FROM decisions").fetchone())
            return super().ask(question)

    review(home=owner.home, keys=owner.keys, reviewer=Watching([ME, NOT_ME, UNSURE, STOP]))
    assert seen == [0, 1, 2, 3]


def test_two_hundred_pictures_take_little_time_of_the_machine(owner: Owner) -> None:
    uncertain(owner, 200)
    began = now()
    answering = answered(owner, *[ME, NOT_ME, UNSURE, ME] * 50, STOP)
    assert len(answering.asked) == 201
    assert answering.told == [Tally(me=100, not_me=50, unsure=50)]
    assert now() - began < timedelta(minutes=1)


# --- for a terminal


def test_a_crop_is_made_as_small_as_it_is_wanted() -> None:
    small = shrink(crop(), 20)
    assert small is not None
    assert max(small.width, small.height) in range(17, 21)
    assert len(small.rgb) == 3 * small.width * small.height


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"no picture", crop()[:300]])
def test_what_is_no_crop_is_not_shown(data: bytes) -> None:
    assert shrink(data, 20) is None


# --- what a scan keeps to be shown


def test_crop_of_an_uncertain_picture_shows_that_face_and_nobody_else(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    asked, beside = (Box(left=x, top=200, right=x + 60, bottom=260) for x in (220, 330))
    seen = looking.Look(
        boxes=(beside, asked),
        best=Best(index=1, distance=0.5, band=Band.MAYBE),
        small=noise,
        quality=FaceQuality(
            width=60, sharpness=0.1, yaw=0, pitch=0, contrast=0.3, evenness=1, drawn=1
        ),
    )
    still = pictures.Still(rgb=noise, width=640, height=480, format=pictures.Format.JPEG)
    who = worker.Owner(profile=tmp_path / "profile", key=bytes(32))
    match = worker._match(still, seen, who, sha(1), findings=())
    assert match.band is Band.MAYBE
    shown = pictures.decode(unseal(who.key, match.crop, worker.crop_purpose(sha(1))))
    assert isinstance(shown, pictures.Still)
    middle, size = shown.rgb.shape[1] // 2, shown.rgb.shape[0] // 10
    rows = slice(shown.rgb.shape[0] // 2, shown.rgb.shape[0] // 2 + size)
    assert shown.rgb[rows, middle - size // 2 : middle + size // 2].std() > 30
    away = (330 - 220) * shown.rgb.shape[1] // 640
    for place in (0, middle + away, shown.rgb.shape[1] - size):
        assert shown.rgb[rows, place : place + size].std() < 20
