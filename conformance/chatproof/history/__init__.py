"""Holding history clients to their rules: what they resend, what they cut, what they forget.

A client is seen from outside: something is said to it, its HTTP requests are read, and a fake endpoint answers.
"""
