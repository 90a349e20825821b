"""What a match means for its owner: audience, leaks, ranking.

Nothing lives here yet: the counts that a report shows are made in reports/summary.py.
"""
