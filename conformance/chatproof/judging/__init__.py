"""A run: the target that is opened, the cases that are asked, the judge of each."""
