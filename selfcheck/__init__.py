"""selfcheck: find your own face in what you already hold, and nobody else's."""
