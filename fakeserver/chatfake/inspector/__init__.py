"""What `/_fake/` shows a person: the page, and the journal read so that a page can be made of it."""
