"""From a client and its policy to a verdict: the bench that drives it, the search, the report."""
