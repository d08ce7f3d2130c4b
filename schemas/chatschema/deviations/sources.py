"""Files of servers' sources that several rows name, at the commit that was read."""

__all__ = ["LORAX_LIB", "LORAX_SERVER", "SGLANG"]

_LORAX = "https://github.com/predibase/lorax/blob/a7394ba386ece427d5a6125b419aa38b46d966dc/router/src"
LORAX_LIB = f"{_LORAX}/lib.rs"
LORAX_SERVER = f"{_LORAX}/server.rs"
SGLANG = (
    "https://github.com/sgl-project/sglang/blob/004c82e07d876f6e4a0ad6e15325706b0f478f1a/"
    "python/sglang/srt/entrypoints/openai/protocol.py"
)
