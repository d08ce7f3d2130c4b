"""What becomes of what the files hold: judged, held to the run's policy and its baseline, and counted."""
