"""Whether a thumbnail that shows more than its picture is told from one that does not.

    uv run python -m bench.thumbnails [--photos 300]

Gives photos of LFW a camera's thumbnail, changes the photo as programs do that leave the thumbnail
alone, and prints by change how often the thumbnail is said to show what was cut away, or another
picture. What shows no more, and what was cut away by a twentieth or less, should say nothing.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from bench.people import faces_folder, photos
from selfcheck.pictures import thumbnail_shows

Change = Callable[[Image.Image, Random], Image.Image]


def cut(low: float, high: float) -> Change:
    """Keep a part of such a share of each side, anywhere in the picture."""

    def change(image: Image.Image, random: Random) -> Image.Image:
        width, height = (round(side * random.uniform(low, high)) for side in image.size)
        left, top = random.randint(0, image.width - width), random.randint(0, image.height - height)
        return image.crop((left, top, left + width, top + height))

    return change


def edge(image: Image.Image, random: Random) -> Image.Image:
    """Cut a quarter off one side."""
    part = image.height // 4 if random.random() < 0.5 else 0
    return image.crop((0, part, image.width - (0 if part else image.width // 4), image.height))


NO_MORE: dict[str, Change] = {
    "as it was": lambda image, _: image,
    "made smaller": lambda image, random: ImageOps.scale(image, random.uniform(0.3, 0.7)),
    "brighter, more contrast": lambda image, random: ImageEnhance.Contrast(
        ImageEnhance.Brightness(image).enhance(random.uniform(0.7, 1.4))
    ).enhance(random.uniform(0.7, 1.5)),
    "black and white": lambda image, _: ImageOps.grayscale(image).convert("RGB"),
    "equalised": lambda image, _: ImageOps.equalize(image),
    "blurred": lambda image, _: image.filter(ImageFilter.GaussianBlur(3)),
    "turned": lambda image, random: image.transpose(random.choice([*Image.Transpose])),
    "framed in white": lambda image, _: ImageOps.expand(image, image.width // 16, "white"),
    "cut by 2 to 5 %": cut(0.95, 0.98),
}
MORE: dict[str, Change] = {
    "cut to 75 to 85 % of a side": cut(0.75, 0.85),
    "cut to 50 to 75 %": cut(0.5, 0.75),
    "cut to 35 to 50 %": cut(0.35, 0.5),
    "a quarter of one side cut off": edge,
    "cut to 50 to 75 %, and brighter": lambda image, random: ImageEnhance.Brightness(
        cut(0.5, 0.75)(image, random)
    ).enhance(1.3),
}


def main() -> None:
    """Print a line for each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=int, default=300)
    amount = parser.parse_args().photos
    paths = [photo.path for photo in photos(faces_folder()) if photo.of_one]
    chosen = Random(1).sample(paths, amount)
    print(f"{amount} photos; {'said of the thumbnail':>45} cut away  another  nothing")
    for title, changes in (("shows no more", NO_MORE), ("shows more", MORE)):
        for name, change in changes.items():
            _line(title, name, Counter(_said(path, change) for path in chosen))
    others = zip(chosen, chosen[1:] + chosen[:1], strict=True)
    _line("shows more", "another picture", Counter(_swapped(one, two) for one, two in others))


def _line(title: str, name: str, said: Counter[str]) -> None:
    shares = (said["cut away"], said["another picture"], said["nothing"])
    print(f"{title:14} {name:38}", *(f"{100 * each / said.total():8.1f}" for each in shares))


def _said(path: object, change: Change) -> str:
    random = Random(str(path).rpartition("/")[2])
    with Image.open(str(path)) as opened:
        original = opened.convert("RGB")
    # Photos are not square; what lies beyond LFW's square is not there to be shown.
    shape = random.choice([(1, 1), (0.75, 1), (1, 0.75), (2 / 3, 1), (1, 2 / 3)])
    width, height = (round(side * share) for side, share in zip(original.size, shape, strict=True))
    original = original.crop((0, 0, width, height))
    return _told(change(original, random), original, random)


def _swapped(one: object, two: object) -> str:
    with Image.open(str(one)) as first, Image.open(str(two)) as second:
        return _told(first.convert("RGB"), second.convert("RGB"), Random(1))


def _told(picture: Image.Image, original: Image.Image, random: Random) -> str:
    small = ImageOps.contain(original, (160, 160))
    if random.random() < 0.3:
        small = ImageOps.pad(original, (160, 120), color="black")
    inner, out = io.BytesIO(), io.BytesIO()
    small.save(inner, "JPEG", quality=70)
    picture.save(out, "JPEG", quality=85, exif=with_thumbnail(inner.getvalue()))
    found = thumbnail_shows(out.getvalue(), np.asarray(picture))
    if not found:
        return "nothing"
    return "cut away" if "cut away" in found[0].value else "another picture"


def with_thumbnail(jpeg: bytes) -> bytes:
    """Write an EXIF block that holds nothing but a thumbnail."""
    head = b"MM\0*\0\0\0\x08" + b"\0\0" + (14).to_bytes(4, "big")
    entries = ((0x0103, 3, 6 << 16), (0x0201, 4, 56), (0x0202, 4, len(jpeg)))
    second = len(entries).to_bytes(2, "big") + b"".join(
        tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + (1).to_bytes(4, "big")
        + value.to_bytes(4, "big")
        for tag, kind, value in entries
    )  # fmt: skip
    return b"Exif\0\0" + head + second + (0).to_bytes(4, "big") + jpeg


if __name__ == "__main__":
    main()
