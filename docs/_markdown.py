"""Small pieces of MyST Markdown, and files that are written only when they change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table, or nothing where there are no rows."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(header), _line(["---"] * len(header)), *lines]) if lines else ""


def _line(cells: Iterable[object]) -> str:
    texts = (str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(DAY.sub(r"[\g<0>]{.day}", text) for text in texts) + " |"


def bullets(items: Iterable[str]) -> str:
    """Write a list."""
    return "\n".join(f"- {item}" for item in items)


def page(*blocks: str) -> str:
    """Join blocks, leaving out empty ones, with a blank line between them."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def dropdown(title: str, body: str) -> str:
    """Fold a block away under its title."""
    return f"::::{{dropdown}} {title}\n\n{body}\n\n::::" if body else ""


def toctree(names: Iterable[str], *, caption: str = "") -> str:
    """Order the pages below this one, without showing a list of them."""
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["```{toctree}", *options, "", *names, "```"])


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Bring a folder of generated files up to date; a file that has not changed is left alone."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
