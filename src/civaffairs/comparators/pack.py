"""A pack: the values and dated rules by which one place departs from the library's, out of its own regulation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import attrs

from civaffairs.comparators.procedure import Procedure
from civaffairs.errors import LoadError
from civaffairs.law.citation import Document
from civaffairs.law.parameters import Parameter, load_parameters
from civaffairs.law.places import chain
from civaffairs.law.values import value_text
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Pack:
    """The law of one place beside the nation's.

    Attributes
    ----------
    name, label_zh, place
        What the place is called, and its division code; the pack is for it and all divisions below it.
    regulation
        The paper.
    rules
        Its own versions of rules.
    rulebook
        The library's rulebook with the pack's values and rules.
    procedure
        What it says that is not money.
    """

    name: str
    label_zh: str
    place: str
    regulation: Document
    rules: tuple[AnyRule, ...]
    rulebook: Rulebook
    procedure: Procedure

    def governs(self, code: str) -> bool:
        """Whether a division lies in the pack's place."""
        return self.place in chain(code)

    def difference(self) -> str:
        """Tell, one a line, every value and rule in which the pack differs from the library's rulebook."""
        lines = [*_rule_lines(self.rulebook), *_value_lines(self.rulebook)]
        return "\n".join(line.replace(f"{self.regulation} ", "") for line in lines)

    def __repr__(self) -> str:
        return f"<Pack of {self.name} ({self.label_zh}, {self.place}): {len(self.rules)} rules>"


def local_rulebook(values: Path, rules: tuple[AnyRule, ...]) -> Rulebook:
    """Return the library's rulebook with a place's values and rules.

    A rule takes the place of the nation's versions that begin before it or on its day: what the place's text said
    earlier has not been read, so that earlier days are *not assessed* and not judged by the nation's rule.

    Parameters
    ----------
    values
        A file written as a scheme's own. Of a value that the library has, title and unit are the same, and its rows
        and unknowns are added.
    rules
        Versions of the library's rules, and rules of the place's own that they need.

    Raises
    ------
    LoadError
        If a value is counted in something else than the library's.
    """
    parameters = {**RULEBOOK.parameters}
    for name, own in load_parameters(values).items():
        parameters[name] = _joined(parameters[name], own) if name in parameters else own
    return reduce(_with_local, rules, attrs.evolve(RULEBOOK, parameters=parameters))


def _with_local(book: Rulebook, rule: AnyRule) -> Rulebook:
    kept = tuple(old for old in book.rules if old.name != rule.name or old.since > rule.since)
    return attrs.evolve(book, rules=kept).with_rule(rule, why=str(rule.citations[0]))


def _joined(base: Parameter, own: Parameter) -> Parameter:
    for what in ("unit", "kind", "choices", "by"):
        if getattr(own, what) != getattr(base, what):
            msg = f"{own.scheme}.toml: [{own.name}] has another {what!r} than the library's: {getattr(base, what)}"
            raise LoadError(msg)
    return attrs.evolve(
        base,
        rows=(*base.rows, *own.rows),
        unknowns=(*base.unknowns, *own.unknowns),
        checked=max(base.checked, own.checked),
    )


def _rule_lines(book: Rulebook) -> Iterator[str]:
    for rule in book.rules:
        if rule not in RULEBOOK.rules:
            replaced = [old for old in RULEBOOK.by_name.get(rule.name, ()) if old not in book.rules]
            instead = f"; instead of {replaced[0].citations[0]}" if replaced else ""
            yield f"rule {rule.name} from {rule.since}: {rule.citations[0]}{instead}"


def _value_lines(book: Rulebook) -> Iterator[str]:
    for name, parameter in book.parameters.items():
        base = RULEBOOK.parameters.get(name)
        for row in parameter.rows:
            if base is None or row not in base.rows:
                yield f"value {name} from {row.in_force}: {value_text(row.value, parameter.unit)}; {row.citation}"
        for span in parameter.unknowns:
            if base is None or span not in base.unknowns:
                since = f" from {span.since}" if span.since else ""
                yield f"value {name}{since}: not known; look in {span.where_to_look}"
