"""What a match means: so far, which matches are one picture in several sizes or encodings."""

from selfcheck.exposure.copies import group

__all__ = ["group"]
