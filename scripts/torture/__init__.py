"""Treats the program badly, row by row, and says what became of it.

    uv run python -m scripts.torture [--small] [ROW ...]

Every row makes its own home with a drawn owner, who is enrolled and verified as everybody is.
"""
