"""A short list of records that prints as a table, in text and in a notebook."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Count the columns that a text takes in a terminal, where a Chinese character takes two.

    >>> width("低保 a")
    6
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def text_table(header: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> str:
    """Write rows under a header, columns lined up, those named in ``numbers`` to the right.

    >>> print(text_table(["scheme", "yuan"], [["dibao", 10], ["old age", 5]], numbers=[1]))
    scheme   yuan
    dibao      10
    old age     5
    """
    lines = [list(header), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(width(line[k]) for line in lines) for k in range(len(header))]

    def padded(cell: str, k: int) -> str:
        space = " " * (widths[k] - width(cell))
        return space + cell if k in numbers else cell + space

    return "\n".join("  ".join(padded(cell, k) for k, cell in enumerate(line)).rstrip() for line in lines)


def html_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write the same as an HTML table."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
