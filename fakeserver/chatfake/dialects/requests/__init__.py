"""Requests that a server reads otherwise than OpenAI does, and what it says to those that it refuses."""
