"""Files and what is in them: formats, recordings, bodies."""
