"""Reports of a run, each in its form."""
