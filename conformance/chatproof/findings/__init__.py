"""What every suite reports: findings, levels, and the ids of what found them."""
