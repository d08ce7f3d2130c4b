"""Small clients that are programs, right and wrong, and drivers of them."""
