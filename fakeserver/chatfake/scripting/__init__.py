"""What is to be answered: plans, scripts, and the session of each API key that holds them."""
