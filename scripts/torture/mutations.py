"""Structured mutations: a file taken apart into its blocks, and put together wrongly.

Blocks are what the format has (segments, chunks, boxes, records), so that a mutation reaches the
code behind the first check. Everything is drawn from a seeded generator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

Blocks = list[bytes]

# Where a block begins, by the marks of each format; the rest is cut into pieces of even size.
_MARKS = {
    "jpeg": rb"\xff[\xc0-\xcf\xda-\xef\xfe]",
    "png": rb"(?s).{4}(?=(?:IHDR|PLTE|IDAT|IEND|tEXt|eXIf))",
    "webp": rb"(?:RIFF|VP8[ LX]|ALPH|ANIM|ANMF|EXIF|XMP )",
    "gif": rb"[\x21][\xf9\xfe\xff]|\x2c",
    "tiff": rb"II\*\0|MM\0\*",
    "bmp": rb"BM",
    "zip": rb"PK(?:\x01\x02|\x03\x04|\x05\x06|\x07\x08)",
    "tar": rb"(?:mine|theirs)-\d\.jpg",
    "avi": rb"(?:RIFF|LIST|hdrl|strl|strh|strf|movi|idx1|00dc)",
    "mkv": rb"\x1a\x45\xdf\xa3|\x18\x53\x80\x67|\x16\x54\xae\x6b|\x1f\x43\xb6\x75|\xa3",
}
_MARKS["webm"] = _MARKS["mkv"]
_BOXES = rb"(?s).{4}(?=(?:ftyp|moov|mvhd|trak|mdia|minf|stbl|stsd|stts|stsc|stsz|stco|mdat|meta|"
_BOXES += rb"hdlr|pitm|iloc|iinf|iprp|ipco|ispe|free))"
_MARKS |= dict.fromkeys(("heic", "avif", "mp4", "mov", "3gp"), _BOXES)
_MOST = 60  # blocks that are told apart; the last one holds the rest
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def blocks(suffix: str, data: bytes) -> Blocks:
    """Take a file apart; joined again, the blocks are the file."""
    pattern = _MARKS.get(suffix)
    found = [match.start() for match in re.finditer(pattern, data)] if pattern else []
    starts = sorted({0, *found[: _MOST - 1]})
    if len(starts) < 4:  # noqa: PLR2004 - a format whose blocks have no marks
        starts = sorted({0, *(len(data) * n // 12 for n in range(12))})
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def _cut(parts: Blocks, random: Random) -> Blocks:
    data = b"".join(parts)
    return [data[: random.randrange(len(data) // 20, len(data) - 1)]]


def _drop(parts: Blocks, random: Random) -> Blocks:
    at = random.randrange(len(parts))
    return parts[:at] + parts[at + 1 :]


def _double(parts: Blocks, random: Random) -> Blocks:
    at = random.randrange(len(parts))
    return parts[: at + 1] * random.choice((1, 2, 40)) + parts[at:]


def _swap(parts: Blocks, random: Random) -> Blocks:
    parts = list(parts)
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def _number(parts: Blocks, random: Random) -> Blocks:
    """Overwrite what may be a length or an offset, near a block's beginning."""
    parts = list(parts)
    at = random.randrange(len(parts))
    block = bytearray(parts[at])
    width = random.choice((1, 2, 4))
    if len(block) > width:
        place = random.randrange(min(24, len(block) - width))
        value = random.choice(_NUMBERS) & (256**width - 1)
        block[place : place + width] = value.to_bytes(width, random.choice(("big", "little")))
    parts[at] = bytes(block)
    return parts


def _noise(parts: Blocks, random: Random) -> Blocks:
    at = random.randrange(1, len(parts) + 1)
    return [*parts[:at], random.randbytes(random.choice((1, 7, 600))), *parts[at:]]


def _zeros(parts: Blocks, random: Random) -> Blocks:
    data = bytearray(b"".join(parts))
    length = random.choice((4, 64, 4096))
    at = random.randrange(max(1, len(data) - length))
    data[at : at + length] = bytes(length)
    return [bytes(data)]


def _bits(parts: Blocks, random: Random) -> Blocks:
    data = bytearray(b"".join(parts))
    for _ in range(random.choice((1, 8, 64))):
        # Half of them where headers are.
        most = len(data) if random.random() < 0.5 else min(600, len(data))  # noqa: PLR2004
        data[random.randrange(most)] ^= 1 << random.randrange(8)
    return [bytes(data)]


MUTATIONS: dict[str, Callable[[Blocks, Random], Blocks]] = {
    "cut": _cut,
    "a block left out": _drop,
    "blocks repeated": _double,
    "blocks exchanged": _swap,
    "a number changed": _number,
    "noise put in": _noise,
    "zeros": _zeros,
    "bits flipped": _bits,
}


def mutants(suffix: str, data: bytes, amount: int, random: Random) -> Iterator[tuple[str, bytes]]:
    """Give so many files made of one, each with the name of what was done; none is as it was."""
    parts = blocks(suffix, data)
    names = list(MUTATIONS)
    n = 0
    while n < amount:
        name = names[n % len(names)]
        changed = b"".join(MUTATIONS[name](parts, random))
        if changed != data:
            n += 1
            yield name, changed
