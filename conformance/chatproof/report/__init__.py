"""The result document, and the reports that are rendered from it."""

from chatproof.report.document import SCHEMA, CaseResult, Evidence, Outcome, Result

__all__ = ["SCHEMA", "CaseResult", "Evidence", "Outcome", "Result"]
