"""The command line, as ``python -m civaffairs``."""

from __future__ import annotations

import sys

from civaffairs.cli import main

if __name__ == "__main__":
    sys.exit(main())
