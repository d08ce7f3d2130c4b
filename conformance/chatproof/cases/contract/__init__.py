"""What every answer of a run is held to, whatever it was asked for: rules of the contract, as their cases tell them."""
