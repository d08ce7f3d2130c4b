"""Lays what Backend.AI's client knows of a deployment into its home: its endpoint, its model and a token."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

deployment = sys.argv[1]
folder = Path.home() / ".backend.ai" / "deployment_chat"
folder.mkdir(parents=True)
known = {
    "endpoint_url": os.environ["CHATPROOF_BASE_URL"].removesuffix("/v1"),
    "default_model": os.environ["CHATPROOF_MODEL"],
    "last_synced_at": datetime.now(UTC).isoformat(),
}
given = {"token": os.environ["CHATPROOF_API_KEY"], "model": None}
for name, entry in {"cache": known, "config": given}.items():
    (folder / f"{name}.json").write_text(json.dumps({"deployments": {deployment: entry}}))
