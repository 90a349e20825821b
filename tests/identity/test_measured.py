from __future__ import annotations

from pathlib import Path

from selfcheck.identity.measured import DATE, LIMITS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"


def test_the_docs_show_the_limits_in_use_and_their_date() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"Measured on {DATE}" in text
    for count, (you, maybe) in LIMITS.items():
        assert f"| {count} | {you:.3f}, {maybe:.3f} |" in text
