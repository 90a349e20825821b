"""What a match means: which are one picture, how useful each is, and what to deal with first."""

from selfcheck.exposure.copies import group, same_picture
from selfcheck.exposure.ranking import RULE, order
from selfcheck.exposure.usefulness import graded

__all__ = ["RULE", "graded", "group", "order", "same_picture"]
