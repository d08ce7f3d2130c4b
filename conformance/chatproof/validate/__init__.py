"""Recorded answers, judged offline: sources -> items -> verdicts -> reports.

A *source* is a file, or standard input. Its *format* is told from its content; a reader for the format hands out
*items* one by one: a body, something to skip, something unreadable. A *verdict* is an item judged and held to the
run's *policy* (level, allowed rules, baseline). Reports take verdicts as they come.
"""

from .baseline import BaselineError, Known, baseline_text, read_baseline
from .github import GithubOutput
from .item import Unreadable
from .json_output import JsonOutput
from .junit_output import JunitOutput
from .output import Output
from .policy import Policy, Standing
from .progress import Progress
from .run import Complaints, Recorder, run
from .sarif import SarifOutput
from .sources import Origin, Source, sources
from .tally import Counts
from .text import SummaryOutput, TextOutput

__all__ = [
    "BaselineError",
    "Complaints",
    "Counts",
    "GithubOutput",
    "JsonOutput",
    "JunitOutput",
    "Known",
    "Origin",
    "Output",
    "Policy",
    "Progress",
    "Recorder",
    "SarifOutput",
    "Source",
    "Standing",
    "SummaryOutput",
    "TextOutput",
    "Unreadable",
    "baseline_text",
    "read_baseline",
    "run",
    "sources",
]
