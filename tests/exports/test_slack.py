"""Slack's token opens every file of a workspace: nothing that is read gives it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from selfcheck.exports import Documents
from selfcheck.exports.slack import Slack

FILES = Path(__file__).parent / "fixtures/slack/channels/files.json"


def test_no_address_holds_the_token(build: Callable[..., Documents]) -> None:
    parts = json.loads(FILES.read_text("utf-8"))["parts"]
    found = list(Slack().read(build(*parts)))
    assert "xoxe-" in json.dumps(parts)
    assert len(found) == 6
    assert not any("xoxe-" in str(listed) for listed in found)
