"""Record and replay: what a real endpoint answered, as files, and answers from them."""
