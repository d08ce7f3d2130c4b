"""What every suite reports: findings, levels, the ids of what found them, and which chatproof it was."""
