"""Whatever happens in whatever order: the sum holds, and readings tell no history."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from selfcheck.ledger import Item, Ledger
from selfcheck.model import (
    Band,
    Box,
    Copied,
    Examined,
    Ignored,
    Match,
    Member,
    PartInfo,
    Reason,
    Rule,
    Skipped,
    Verdict,
)

NAMES = "abcdef"


def member(name: str, content: int) -> Member:
    return Member(part=0, locator=name, path=name, shown=name, size=content)


def examined(content: int) -> Examined:
    """Two of three contents show the owner among as many faces as their number."""
    match = Match(
        band=Band.YOU,
        distance=0.4,
        box=Box(left=0, top=0, right=9, bottom=9),
        picture_width=9,
        picture_height=9,
        faces=content,
        crop=bytes([content]),
    )
    return Examined(sha256=f"{content:064x}", faces=content, match=match if content % 3 else None)


def hurried(path: Path) -> Ledger:
    """Open a ledger that does not wait for the disk: nobody pulls the plug here."""
    ledger = Ledger.open(path)
    ledger._db.run("PRAGMA synchronous = OFF")
    return ledger


@dataclass
class Expected:
    """What the test believes of one item: the content of its bytes, and its verdict."""

    content: int
    state: str = "pending"


class Settling(RuleBasedStateMachine):
    """Two sources of up to six files; contents 1 to 4, told apart by size."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = hurried(Path(self.folder.name, "ledger.sqlite3"))
        self.files: dict[int, dict[str, Expected]] = {1: {}, 2: {}}
        self.broken = {1: 0, 2: 0}
        self.faces: dict[int, int] = {}
        self.give()

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def give(self) -> None:
        for source in self.files:
            part = PartInfo(path="", kind="zip", fingerprint=f"{source}", name="")
            assert self.ledger.source(label="", parts=[part]) == source

    def items(self) -> list[Item]:
        return [item for source in self.files for item in self.ledger.pending(source)]

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = hurried(Path(self.folder.name, "ledger.sqlite3"))
        self.give()

    @rule(
        source=st.sampled_from([1, 2]),
        listed=st.dictionaries(st.sampled_from(NAMES), st.integers(1, 4)),
        broken=st.integers(0, 2),
    )
    def list_members(self, source: int, listed: dict[str, int], broken: int) -> None:
        old, rest = self.files[source], [Skipped(item="?", reason=Reason.DAMAGED)] * broken
        members = [member(name, content) for name, content in listed.items()]
        self.ledger.list_members(source, [*members, *rest])
        self.files[source] = {
            name: old[name] if name in old and old[name].content == content else Expected(content)
            for name, content in listed.items()
        }
        self.broken[source] = broken
        self.forget_matches()

    @precondition(lambda self: self.items())
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(self.items()))
        expected = self.files[item.source][item.member.path]
        content = expected.content
        copied = examined(content).sha256 in self.ledger.known(content)
        verdict: Verdict = data.draw(
            st.sampled_from(
                [
                    Copied(sha256=f"{content:064x}") if copied else examined(content),
                    Ignored(rule=Rule.SYSTEM),
                    Skipped(item="x", reason=Reason.CRASHED),
                ]
            )
        )
        self.ledger.settle(item, verdict)
        expected.state = type(verdict).__name__
        if isinstance(verdict, Examined | Copied):
            expected.state = "examined"
            self.faces.setdefault(content, content - bool(content % 3))

    @precondition(lambda self: self.items())
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(self.items()))
        assert self.ledger.crashed(item) == item.crashes + 1

    @rule(fingerprint=st.sampled_from("xy"))
    def configure(self, fingerprint: str) -> None:
        before = self.ledger._db.first("SELECT configuration FROM state")
        reopened = self.ledger.require_configuration(fingerprint)
        if before == (fingerprint,):
            assert reopened == 0
            return
        again = [one for one in self.every() if one.state in {"examined", "Skipped"}]
        assert reopened == len(again)
        for one in again:
            one.state = "pending"
        self.faces.clear()

    def every(self) -> list[Expected]:
        return [one for files in self.files.values() for one in files.values()]

    def forget_matches(self) -> None:
        left = {one.content for one in self.every() if one.state == "examined"}
        for content in set(self.faces) - left:
            if content % 3:
                del self.faces[content]

    @invariant()
    def the_sum_holds(self) -> None:
        total = self.ledger.accounting()
        assert total.balances()
        parts = [self.ledger.accounting(source) for source in self.files]
        assert all(part.balances() for part in parts)
        assert total.found == sum(part.found for part in parts)
        assert total.found == len(self.every()) + sum(self.broken.values())

    @invariant()
    def each_part_of_the_sum_is_right(self) -> None:
        total, states = self.ledger.accounting(), [one.state for one in self.every()]
        contents = {one.content for one in self.every() if one.state == "examined"}
        assert total.checked == len(contents)
        assert total.duplicate == states.count("examined") - len(contents)
        assert total.pending == states.count("pending")
        assert total.ignored == states.count("Ignored")
        assert total.skipped == states.count("Skipped") + sum(self.broken.values())

    @invariant()
    def faces_and_exposures_are_right(self) -> None:
        assert self.ledger.faces_compared() == sum(self.faces.values())
        matched = {f"{content:064x}" for content in self.faces if content % 3}
        assert {one.sha256 for one in self.ledger.exposures()} == matched


TestSettling = Settling.TestCase
TestSettling.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)


def read(ledger: Ledger) -> tuple[object, ...]:
    return (
        ledger.accounting(),
        ledger.sources(),
        [(one, one.match.crop) for one in ledger.exposures()],
        ledger.faces_compared(),
    )


def scan(folder: Path, workers: int, chance: random.Random) -> tuple[object, ...]:
    """Settle as `workers` workers would: any finishes first, but equal sizes never overlap."""
    with hurried(folder / f"{workers}.sqlite3") as ledger:
        for label in "ab":
            part = PartInfo(path="", kind="zip", fingerprint=label, name=label)
            source = ledger.source(label=label, parts=[part])
            contents = [n * n % 7 + 1 for n in range(20)]
            ledger.list_members(source, [member(f"{n}", c) for n, c in enumerate(contents)])
            flying: list[Item] = []
            for item in [*ledger.pending(source), None]:
                while flying and (
                    item is None
                    or len(flying) == workers
                    or item.member.size in [one.member.size for one in flying]
                ):
                    done = flying.pop(chance.randrange(len(flying)))
                    verdict = examined(done.member.size)
                    copied = verdict.sha256 in ledger.known(done.member.size)
                    ledger.settle(done, Copied(sha256=verdict.sha256) if copied else verdict)
                if item is not None:
                    flying.append(item)
        return read(ledger)


@given(workers=st.integers(2, 5), seed=st.randoms(use_true_random=False))
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_readings_are_the_same_with_any_number_of_workers(
    workers: int, seed: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        alone = scan(Path(folder), 1, seed)
        assert repr(scan(Path(folder), workers, seed)) == repr(alone)
