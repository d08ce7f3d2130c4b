"""How a run ends for the shell: one table."""

from chatproof.report.document import Outcome, Result

__all__ = ["CANNOT", "INTERRUPTED", "exit_code"]

CANNOT = 2
"""The run could not be made, or is not whole."""

INTERRUPTED = 130
"""As shells say it: 128 and the number of SIGINT."""


def exit_code(result: Result) -> int:
    """0 only where all that was selected was judged and nothing failed, or the user's own limit left the rest out."""
    counts = result.counts
    table = (
        (result.interrupted, INTERRUPTED),
        (counts[Outcome.FAILED] + counts[Outcome.STALE] > 0, 1),
        (counts[Outcome.ERROR] > 0, CANNOT),
        (result.judged == 0, CANNOT),
        (not result.whole and not result.left_by_choice, CANNOT),
    )
    return next((code for holds, code in table if holds), 0)
