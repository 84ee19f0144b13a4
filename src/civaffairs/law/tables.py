"""TOML read with line numbers: every fault of a file is collected and reported at once."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import TypeVar

import attrs

from civaffairs.errors import LoadError, did_you_mean

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

KINDS_IN_WORDS: Mapping[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    list: "a list [ … ]",
    dict: "a table { … }",
}
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]')


@attrs.frozen
class Lines:
    """Where things stand in a TOML text; `tomllib` does not tell."""

    text: str

    def at(self, offset: int) -> int:
        """Give the line of a character, counted from 1."""
        starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        return bisect_right(starts, offset)

    def headers(self, name: str) -> list[int]:
        """List the offsets of the headers ``[name]`` or ``[[name]]``, in order."""
        pattern = rf"^[ \t]*\[\[?[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*\]"
        return [found.start() for found in re.finditer(pattern, self.text, re.MULTILINE)]

    def key(self, name: str, start: int) -> int | None:
        """Find the offset of ``name = …`` in the table that begins at ``start``."""
        following = re.compile(r"^[ \t]*\[\[?[ \t]*[\w\"'.-]+[ \t]*\]", re.MULTILINE).search(self.text, start + 1)
        end = following.start() if following else len(self.text)
        found = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*=", re.MULTILINE).search(self.text, start, end)
        return found.end() if found else None

    def items(self, start: int) -> Iterator[int]:
        """Give the offsets of the tables ``{ … }`` directly inside the list that begins at or after ``start``."""
        depth = 0
        for token in _TOKEN.finditer(self.text, start):
            if token.group() in ("[", "{"):
                if token.group() == "{" and depth == 1:
                    yield token.start()
                depth += 1
            elif token.group() in ("]", "}"):
                depth -= 1
                if depth <= 0:
                    return


@attrs.define
class Faults:
    """What is wrong with one file, gathered until the whole file is read."""

    origin: str
    found: list[tuple[int, str]] = attrs.field(factory=list)

    def add(self, line: int, message: str) -> None:
        """Note one fault."""
        self.found.append((line, message))

    def raise_any(self) -> None:
        """Raise one `LoadError` that lists every fault with its line, or do nothing when there is none."""
        if not self.found:
            return
        lines = [f"{self.origin}:{line}: {message}" for line, message in sorted(self.found)]
        head = f"{self.origin} has {len(lines)} fault{'s' * (len(lines) > 1)}; nothing was loaded"
        raise LoadError("\n  ".join([head, *lines]))


@attrs.frozen
class Table:
    """One table of a TOML file, read key by key; what does not fit becomes a fault."""

    where: str
    line: int
    values: Mapping[str, object]
    faults: Faults

    def fault(self, message: str) -> None:
        """Note that something is wrong with this table."""
        self.faults.add(self.line, f"{self.where}: {message}" if self.where else message)

    def take(self, key: str, kind: type[T], *, required: bool = False) -> T | None:
        """Take the value of a key if it is there and of the kind asked for."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.fault(f"{key!r} is missing")
            return None
        if type(value) is kind:
            return value
        wanted = KINDS_IN_WORDS.get(kind, "a day written 2026-07-01 without quotes")
        self.fault(f"{key!r} is {value!r}; write {wanted}")
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """Take a text, stripped; empty when absent."""
        found = (self.take(key, str, required=required) or "").strip()
        if required and not found and key in self.values and isinstance(self.values[key], str):
            self.fault(f"{key!r} is empty")
        return found

    def member(self, key: str, members: type[E], *, required: bool = True) -> E | None:
        """Take the member of an enum that a key names by its value."""
        named = self.text(key, required=required)
        known = {str(member.value): member for member in members}
        if named and named not in known:
            self.fault(f"{key!r} is {named!r}; choose one of {', '.join(known)}{did_you_mean(named, known)}")
        return known.get(named)

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that mean nothing here."""
        names = list(known)
        for key in self.values:
            if key not in names:
                self.fault(f"nothing is called {key!r} here{did_you_mean(key, names)}")

    def tables(self, key: str, lines: Lines, start: int) -> list[Table]:
        """Take the tables listed under a key, each with its line; this table begins at ``start``."""
        listed = self.take(key, list) or []
        begun = lines.key(key, start)
        inline = list(lines.items(begun)) if begun is not None else []
        name = f"{self.where.strip('[]')}.{key}" if self.where else key
        offsets = inline or lines.headers(name)
        found = []
        for number, item in enumerate(listed):
            where = f"{self.where} {key} {number + 1}".strip()
            line = lines.at(offsets[number]) if number < len(offsets) else self.line
            if isinstance(item, dict):
                found.append(Table(where, line, item, self.faults))
            else:
                self.faults.add(line, f"{where}: {item!r} is not a table {{ … }}")
        return found


def parse(source: Path | str) -> tuple[Mapping[str, object], Lines, Faults]:
    """Read a TOML file (a `Path`) or TOML text (a `str`).

    Raises
    ------
    LoadError
        If it cannot be read, is not UTF-8 or is not TOML; with its line.
    """
    origin = source.name if isinstance(source, Path) else "<text>"
    try:
        text = source.read_text("utf-8") if isinstance(source, Path) else source
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{origin} cannot be read: {error}"
        raise LoadError(msg) from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line.group(1) if line else str(text.count("\n") + 1)
        msg = f"{origin}:{number}: not TOML: {error}"
        raise LoadError(msg) from error
    return content, Lines(text), Faults(origin)
