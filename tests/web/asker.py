"""Somebody who asks a review's questions at a page's other end, and keeps the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Thread

from review_stage import crop

from selfcheck.errors import SelfcheckError
from selfcheck.flows.asking import Answer, Fact, Question, Tally
from selfcheck.model import Decision
from selfcheck.web import ReviewPage

FACTS = (
    Fact(name="Where", text="Facebook, post"),
    Fact(name="Caption", text="At the lake"),
    Fact(name="File", text="photos/1.jpg"),
)
TALLY = Tally(me=2, not_me=1, unsure=0, left=3)
DECISIONS = {
    Answer.ME: Decision.ME,
    Answer.NOT_ME: Decision.NOT_ME,
    Answer.UNSURE: Decision.UNSURE,
}


def question(place: int = 0, total: int = 3, *, facts: tuple[Fact, ...] = FACTS) -> Question:
    return Question(
        picture=crop(place + 1), facts=facts, place=place, total=total, tally=Tally(left=total)
    )


@dataclass(slots=True)
class Asker:
    """Asks so many questions beside the test, as the flow does, until it is told to stop."""

    page: ReviewPage
    total: int = 3
    facts: tuple[Fact, ...] = FACTS
    answers: list[Answer] = field(default_factory=list)
    error: SelfcheckError | None = None
    _thread: Thread | None = None

    def start(self) -> Asker:
        """Begin to ask."""
        self._thread = Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def wait(self, seconds: float = 10.0) -> None:
        """Wait until nothing more is asked."""
        assert self._thread is not None
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the questions did not end"

    def _ask(self) -> None:
        try:
            self._all([])
            self.page.tell(TALLY)
        except SelfcheckError as error:
            self.error = error

    def _all(self, made: list[Decision]) -> None:
        while True:
            place = len(made)
            if place < self.total:
                asked = question(place, self.total, facts=self.facts)
                asked = replace(asked, before=Decision.UNSURE if place == 1 else None)
            else:
                asked = Question(place=place, total=self.total, tally=TALLY)
            asked = replace(asked, undo=made[-1] if made else None)
            answer = self.page.ask(asked)
            self.answers.append(answer)
            if answer is Answer.STOP:
                return
            if answer is Answer.UNDO:
                made.pop()
            else:
                made.append(DECISIONS[answer])


def said(answers: Sequence[Answer]) -> list[str]:
    """Give the answers as words."""
    return [answer.value for answer in answers]
