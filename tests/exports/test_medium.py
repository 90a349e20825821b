"""What Medium's archive is not taken for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.medium import Medium

Build = Callable[..., Documents]


@pytest.mark.parametrize("post", [b'<p class="graffiti">x</p>', b"", OSError("gone")])
def test_posts_of_others_are_not_claimed(build: Build, post: bytes | Exception) -> None:
    assert not Medium().claims(build({"posts/2020-01-01_x.html": post}))
