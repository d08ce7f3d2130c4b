"""The version of the distribution, in a module that imports nothing: reports of every room name it."""

__all__ = ["__version__"]

__version__ = "0.1.0"
