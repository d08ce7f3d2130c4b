"""Cases about a gateway: it and its backend are asked alike, and only what it does by itself counts."""
