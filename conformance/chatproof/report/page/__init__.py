"""A client's result document as one page: no network, no file beside it, no markup from strangers."""

from chatproof.report.page.page import html

__all__ = ["html"]
