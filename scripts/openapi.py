"""Print the platform's OpenAPI document: `python -m scripts.openapi`."""

import json
import sys

from haina.app.description import openapi_document


def text() -> str:
    """The document as committed: sorted, indented."""
    return json.dumps(openapi_document(), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
