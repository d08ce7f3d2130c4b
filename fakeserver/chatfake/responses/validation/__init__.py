"""Rules for requests of `/v1/responses`."""
