"""What a kill interrupts and no command does without a person: an enrolment, a review.

python -m scripts.torture.doings enrol FOLDER
python -m scripts.torture.doings review FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from scripts.torture.row import Stage, opened, stage
from selfcheck.flows.asking import Answer, Question, Tally
from selfcheck.flows.review import review

ANSWERS = (Answer.ME, Answer.UNSURE, Answer.NOT_ME)


class Answering:
    """Answers in turn, and says how many answers were taken once the next question is there."""

    def __init__(self) -> None:
        """Begin with the first answer."""
        self._answers = cycle(ANSWERS)

    def ask(self, question: Question) -> Answer:
        """Say what was taken so far, and answer, or stop where there is nothing left."""
        print(question.place, flush=True)
        return next(self._answers) if question.picture else Answer.STOP

    def tell(self, tally: Tally) -> None:
        """Say nothing at the end."""


@contextmanager
def answering() -> Iterator[Answering]:
    """Give one that answers."""
    yield Answering()


def look(owner: Stage) -> Tally:
    """Review every picture that was not decided, the certain ones too."""
    return review(home=owner.home, keys=owner.keys, reviewer=answering, every=True)


def main() -> None:
    """Do what is asked for in the folder."""
    doing, folder = sys.argv[1], Path(sys.argv[2])
    if doing == "enrol":
        stage(folder)
    else:
        look(opened(folder))


if __name__ == "__main__":
    main()
