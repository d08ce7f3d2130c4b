"""What LoRAX's own routes take and give."""
