"""Ways to reach a fake: on a socket, under an ASGI server, in process."""
