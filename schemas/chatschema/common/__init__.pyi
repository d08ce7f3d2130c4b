from .error import ErrorObject as ErrorObject
from .error import ErrorResponse as ErrorResponse
from .model_list import Model as Model
from .model_list import ModelList as ModelList
from .usage import CompletionTokensDetails as CompletionTokensDetails
from .usage import PromptTokensDetails as PromptTokensDetails
from .usage import Usage as Usage
