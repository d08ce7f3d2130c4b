"""Members that several families share, and the rules over them."""
