"""Write `src/api/schema.d.ts`: the types of everything that goes over HTTP and the WebSocket.

Run `python plugins/webui/frontend/generate_api.py` after a change of an operation; a test says when that is due.
"""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins
from amutorrent.web.openapi import describe

HERE = Path(__file__).parent
SCHEMA = HERE / "src" / "api" / "schema.d.ts"


def document() -> dict[str, Any]:  # Any: JSON
    """Make the description of all operations, those of the bundled plugins included, without its version."""
    plugins = load_plugins(host_operations=HOST_OPERATIONS, blocked=["example"])
    described = describe((*HOST_OPERATIONS, *plugins.operations))
    return {**described, "info": {"title": "aMuTorrent", "version": "0"}}


def digest(described: dict[str, Any]) -> str:  # Any: JSON
    """Give the mark by which the types are known to be current."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def main() -> None:
    """Make the types with openapi-typescript, under a line that says what they were made of."""
    described = document()
    command = ["node", "node_modules/openapi-typescript/bin/cli.js", "--alphabetize", "--default-non-nullable=false"]
    made = subprocess.run(command, input=json.dumps(described), capture_output=True, text=True, check=True, cwd=HERE)
    SCHEMA.write_text(f"// Made by generate_api.py from {digest(described)}\n{made.stdout}")


if __name__ == "__main__":
    main()
