"""What shuts people out of a page, as axe-core sees it: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def obstacles(page: Page) -> list[str]:
    """List the violations of every impact in a page as it is shown: rule, impact, elements."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {'; '.join(node['html'] for node in rule['nodes'][:3])}"
        for rule in found
    ]
