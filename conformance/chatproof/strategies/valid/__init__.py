"""Values that break no must of the contract."""
