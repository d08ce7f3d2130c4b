"""Tells llm's command of a model on an endpoint, in its home."""

import json
import os
from pathlib import Path

folder = Path.home() / ".config" / "io.datasette.llm"
folder.mkdir(parents=True)
model = {
    "model_id": "endpoint",
    "model_name": os.environ["CHATPROOF_MODEL"],
    "api_base": os.environ["CHATPROOF_BASE_URL"],
    "api_key_name": "endpoint",
}
(folder / "extra-openai-models.yaml").write_text(json.dumps([model]))  # JSON is YAML
(folder / "keys.json").write_text(json.dumps({"endpoint": os.environ["CHATPROOF_API_KEY"]}))
