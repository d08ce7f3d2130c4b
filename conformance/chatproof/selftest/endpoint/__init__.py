"""Endpoints that are broken in one exact way each, and right ones that are unusual: the fake, wrapped."""
