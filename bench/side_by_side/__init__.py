"""Chatproof and others, side by side on the same broken endpoints: `python -m bench.side_by_side`."""
