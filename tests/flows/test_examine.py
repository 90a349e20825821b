"""Which items are in workers' hands at once: equal sizes wait, but for crowds of one size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import cast

import pytest

from selfcheck.flows import examine, worker
from selfcheck.flows.crew import Crew, Hand, Order
from selfcheck.flows.examine import Examination, Held
from selfcheck.ledger import Item, Ledger
from selfcheck.model import Copied, Examined, Member, PartInfo, Verdict, quiet

PART = PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip")
SIZE = 5


class Hands:
    """A crew of two that takes every task and answers when it is told to."""

    size = 2

    def __init__(self) -> None:
        self.tasks: list[tuple[worker.Task, Future[Verdict]]] = []

    def hire(
        self, function: Callable[..., Verdict], task: worker.Task, seconds: float
    ) -> Order[Verdict]:
        future: Future[Verdict] = Future()
        self.tasks.append((task, future))
        return Order(Hand(None), future)

    def mend(self) -> None:
        """Nobody is lost."""

    def holds(self, order: Order[Verdict]) -> bool:
        return True

    def worked(self) -> None:
        """Nobody was lost before."""

    @property
    def open(self) -> list[str]:
        return [task.member.path for task, future in self.tasks if not future.done()]

    def answer(self) -> None:
        """Answer the oldest task: pictures named alike are equal."""
        task, future = next(one for one in self.tasks if not one[1].done())
        sha256 = f"{ord(task.member.path[0]):064x}"
        known = sha256 in task.known
        future.set_result(Copied(sha256=sha256) if known else Examined(sha256=sha256))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3") as opened:
        yield opened


def listed(ledger: Ledger, names: str) -> list[Item]:
    source = ledger.source(label="a", parts=[PART])
    members = [
        Member(part=0, locator=str(place), path=f"{name}{place}", shown=name, size=SIZE)
        for place, name in enumerate(names)
    ]
    ledger.list_members(source, members)
    return list(ledger.pending(source))


def examination(
    ledger: Ledger, hands: Hands, stop: Callable[[], bool] = lambda: False
) -> Examination:
    return Examination(
        ledger=ledger,
        crew=cast("Crew", hands),
        owner=worker.Owner(profile=Path("profile"), key=b""),
        seconds=1,
        film_seconds=1,
        stop=stop,
        on_event=quiet,
    )


def answered(hands: Hands, work: Examination) -> list[list[str]]:
    """Answer everything one by one; give what was in hand each time."""
    seen = []
    while hands.open:
        seen.append(hands.open)
        hands.answer()
        work._collect()
    return seen


def test_files_of_one_size_go_one_by_one_so_that_a_copy_is_known(ledger: Ledger) -> None:
    hands = Hands()
    work = examination(ledger, hands)
    for item in listed(ledger, "aab"):
        work.take(Held(item=item, parts=(PART,)))
    assert answered(hands, work) == [["a0"], ["a1"], ["b2"]]
    account = ledger.accounting()
    assert (account.checked, account.duplicate) == (2, 1)


def test_a_crowd_of_one_size_is_examined_side_by_side_and_counted_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "KNOWN_OF_A_SIZE", 2)
    hands = Hands()
    work = examination(ledger, hands)
    for item in listed(ledger, "abcdcd"):
        work.take(Held(item=item, parts=(PART,)))
        if len(hands.tasks) <= 2:  # the first two make the crowd
            hands.answer()
            work._collect()
    assert hands.open == ["c2", "d3", "c4", "d5"]
    assert all(len(task.known) <= 2 for task, _ in hands.tasks)
    answered(hands, work)
    account = ledger.accounting()
    assert (account.checked, account.duplicate, account.pending) == (4, 2, 0)


def test_a_crowd_that_waited_before_it_was_known_as_one_is_examined_side_by_side_too(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "KNOWN_OF_A_SIZE", 2)
    hands = Hands()
    work = examination(ledger, hands)
    for item in listed(ledger, "abcdefgh"):
        work.take(Held(item=item, parts=(PART,)))
    assert [len(names) for names in answered(hands, work)] == [1, 1, 4, 4, 4, 3, 2, 1]
    assert ledger.accounting().checked == 8


def test_of_a_stream_no_more_bytes_are_in_hand_than_allowed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "STREAMED_AT_ONCE", 25)
    monkeypatch.setattr(examine, "KNOWN_OF_A_SIZE", 0)  # nobody waits for others of a size
    hands = Hands()
    most: list[int] = []

    def answer_one() -> bool:
        hands.answer()
        return False

    work = examination(ledger, hands, answer_one)
    for item in listed(ledger, "abcdef"):
        work.take_streamed(Held(item=item, parts=(PART,), data=bytes(10)))
        most.append(len(hands.open))
    assert most == [1, 2, 2, 2, 2, 2]
    work.take_streamed(Held(item=item, parts=(PART,), data=bytes(1000)))
    assert len(hands.open) == 1  # alone, one may be larger
