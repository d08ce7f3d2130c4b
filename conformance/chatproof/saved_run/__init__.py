"""All exchanges of a run of `check`, kept as HAR, and answers from there in the place of the endpoint."""
