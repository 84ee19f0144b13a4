"""Run notebooks and store what they show, without times and versions, so that running them again changes nothing.

Usage: ``python tools/execute_notebooks.py NOTEBOOK...``
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

TIMEOUT_SECONDS = 120


def execute(path: Path) -> None:
    """Run one notebook in its own folder and write it back; a cell that raises leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


def main() -> None:
    """Run every notebook that is named on the command line."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        print(name)
        execute(Path(name))


if __name__ == "__main__":
    main()
