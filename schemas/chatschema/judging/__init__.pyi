from .check import judge_chunk as judge_chunk
from .check import judge_completion as judge_completion
from .check import judge_error as judge_error
from .check import judge_models as judge_models
from .stream_judge import StreamJudge as StreamJudge
