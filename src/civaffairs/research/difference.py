"""A difference between two explanations: a tree of the numbers that are not the same, down to what made them so."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from civaffairs.rules.explanation import Source


def _change(old: str, new: str) -> str:
    """Write what was and what is, a unit that both have once.

    >>> _change("6,800.00 yuan/year", "7,200.00 yuan/year")
    '6,800.00 -> 7,200.00 yuan/year'
    """
    amount, found, rest = old.partition(" yuan")
    return f"{amount} -> {new}" if found and new.endswith(found + rest) else f"{old} -> {new}"


@attrs.frozen(kw_only=True, repr=False)
class Difference:
    """One number that is not the same in two runs, with those below it that made the difference.

    Attributes
    ----------
    name, source
        The rule, value or fact.
    meaning, label_zh
        What it is, in English and Chinese.
    persons
        Keys of the persons, masked where they look like identity numbers; empty for a household's number.
    before, after
        One text a person, or one for the household.
    notes
        Why a value is another, or that the rule was replaced.
    because
        What it comes from.
    repeated
        Whether it was told further up.
    """

    name: str
    source: Source
    meaning: str
    label_zh: str
    persons: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    notes: tuple[str, ...] = ()
    because: tuple[Difference, ...] = ()
    repeated: bool = False

    @property
    def change(self) -> str:
        """What it was and what it is, of those for whom it is not the same."""
        texts = [_change(old, new) for old, new in zip(self.before, self.after, strict=True)]
        if not self.persons:
            return texts[0]
        if len(set(texts)) == 1:
            return f"{texts[0]} (each)" if len(texts) > 1 else f"{self.persons[0]}: {texts[0]}"
        return ", ".join(f"{person}: {text}" for person, text in zip(self.persons, texts, strict=True))

    @property
    def causes(self) -> tuple[Difference, ...]:
        """Where it comes from: the values, facts and replaced rules at the ends, each once."""
        ends = {node.name: node for node in self.walk() if not node.repeated and node.is_cause}
        return tuple(ends.values())

    @property
    def is_cause(self) -> bool:
        """Whether it is itself a cause, not only a consequence."""
        return not self.because or (self.source is Source.RULE and bool(self.notes))

    def walk(self) -> Iterator[Difference]:
        """Yield it and all below it."""
        yield self
        for node in self.because:
            yield from node.walk()

    def to_dict(self) -> dict[str, object]:
        """It and those below it as plain data."""
        several = bool(self.persons)
        return {
            "name": self.name,
            "source": self.source.value,
            "meaning": self.meaning,
            "label_zh": self.label_zh,
            "before": dict(zip(self.persons, self.before, strict=True)) if several else self.before[0],
            "after": dict(zip(self.persons, self.after, strict=True)) if several else self.after[0],
            "notes": list(self.notes),
            "repeated": self.repeated,
            "because": [node.to_dict() for node in self.because],
        }

    @property
    def sentence(self) -> str:
        """The change and its causes in one line."""
        ends = [f"{node.name} {node.change}" for node in self.causes if node is not self]
        return f"{self.name} {self.change}" + (f" because {' and '.join(ends)}" if ends else "")

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _lines(self, depth: int = 0) -> Iterator[str]:
        notes = "as above" if self.repeated else "; ".join(self.notes)
        yield "  " * depth + f"{self.name} {self.change}" + (f"  · {notes}" if notes else "")
        for node in self.because:
            yield from node._lines(depth + 1)
