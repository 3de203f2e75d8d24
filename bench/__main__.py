"""Run the benches: `python -m bench [name]`. Each prints one JSON object as its last line."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """All of them, or the one that is named."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))
    for name in sys.argv[1:] or names:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
