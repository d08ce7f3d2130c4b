"""What a request asks for, read and held to the rules of the protocol."""
