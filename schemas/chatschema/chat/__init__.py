"""Chat completions: the answer in JSON form, in chunks, and the stream of them."""
