"""What lists of models are known to leave out."""

from .deviation import RECORDED, Deviation
from .families import MODEL_LISTS

__all__ = ["LISTED_MODELS"]

LISTED_MODELS: tuple[Deviation, ...] = (
    Deviation(
        id="list.no-created",
        vendors=("DeepSeek", "llama-cpp-python", "Gemini", "LM Studio"),
        kinds=MODEL_LISTS,
        signs=("shape.missing $.data[*].created",),
        sentence="Models have no created.",
        breaks="Typed clients refuse the whole list: SwiftOpenAI did, and clients of LM Studio.",
        sources=(
            RECORDED,
            "https://github.com/jamesrochabrun/SwiftOpenAI/pull/135",
            "https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1988",
        ),
    ),
)
