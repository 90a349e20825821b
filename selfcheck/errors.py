"""The errors that end a run; one file that cannot be read is a `Skipped` value instead.

SelfcheckError                 1  failed
├── UsageError                 2  the command was given something it cannot use
├── UnreadableFiles            3  finished, but files that should be readable were not
├── Refused                    4  a guard said no
│   ├── NotVerified               no valid verification for this scope
│   ├── VerificationFailed        the check ran and its answer is no
│   └── NetworkBlocked            something tried to open a socket where none may be
├── ProfileError               1  the profile is missing, damaged or cannot be unlocked
├── LedgerError                1  the ledger is damaged, locked or cannot be written
├── SourceError                1  a source named by the user cannot be opened at all
├── EngineError                1  the face networks cannot be loaded
├── ChangeSeen                10  `recheck` saw that something changed since the last time
└── Interrupted              130  stopped by the user; the next run goes on
"""

from __future__ import annotations


class SelfcheckError(Exception):
    """Something ended the run: one sentence, one action to try, one exit code."""

    exit_code = 1

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        """Keep the sentence for people and the one action that may help."""
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class UsageError(SelfcheckError):
    """The command was given something it cannot use."""

    exit_code = 2


class UnreadableFiles(SelfcheckError):
    """The run finished, but files that should be readable were not."""

    exit_code = 3


class Refused(SelfcheckError):
    """A guard said no."""

    exit_code = 4


class NotVerified(Refused):
    """No valid verification covers what was asked for."""


class VerificationFailed(Refused):
    """The live or filmed check ran, and its answer is no."""


class NetworkBlocked(Refused):
    """Something tried to use the network where nothing may."""


class ProfileError(SelfcheckError):
    """The profile is missing, damaged or cannot be unlocked."""


class LedgerError(SelfcheckError):
    """The ledger is damaged, in use or cannot be written."""


class SourceError(SelfcheckError):
    """A source named by the user cannot be opened at all."""


class EngineError(SelfcheckError):
    """The face networks cannot be loaded."""


class ChangeSeen(SelfcheckError):
    """Asked again, something at the known addresses has changed."""

    exit_code = 10


class Interrupted(SelfcheckError):
    """The user stopped the run; what was done is kept and the next run goes on."""

    exit_code = 130
