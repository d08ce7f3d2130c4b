"""Recorded answers, judged offline: sources -> items -> verdicts -> reports.

A *source* is a file, or standard input. Its *format* is told from its content; a reader for the format hands out
*items* one by one: a body, something to skip, something unreadable. A *verdict* is an item judged and held to the
run's *policy* (level, allowed rules, baseline). Reports take verdicts as they come.
"""

from chatproof.validate.files.body import Unreadable
from chatproof.validate.files.sources import Origin, Source, sources
from chatproof.validate.output.complaints import Complaints
from chatproof.validate.output.github import GithubOutput
from chatproof.validate.output.json_output import JsonOutput
from chatproof.validate.output.junit_output import JunitOutput
from chatproof.validate.output.progress import Progress
from chatproof.validate.output.recorder import Recorder
from chatproof.validate.output.sarif import SarifOutput
from chatproof.validate.output.text import SummaryOutput, TextOutput

from .judging.baseline import BaselineError, Known, baseline_text, read_baseline, read_beside, written_beside
from .judging.policy import Policy, Standing
from .judging.run import run
from .judging.verdict import Counts, Output

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
    "read_beside",
    "run",
    "sources",
    "written_beside",
]
