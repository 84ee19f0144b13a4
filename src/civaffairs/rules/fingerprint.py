"""A digest of what a rulebook says: two results with the same one stand on the same law."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Mapping

from civaffairs.law.parameters import Parameter
from civaffairs.law.values import value_text
from civaffairs.rules.rule import AnyRule, Operation


def fingerprint_of(rules: Iterable[AnyRule], parameters: Mapping[str, Parameter]) -> str:
    """Digest every rule's text and every value's history; the same in every process.

    Examples
    --------
    >>> len(fingerprint_of([], {}))
    64
    """
    digest = hashlib.sha256()
    for rule in sorted(rules, key=lambda rule: (rule.name, rule.since)):
        digest.update(_rule_text(rule).encode())
    for name in sorted(parameters):
        digest.update(_history(parameters[name]).encode())
    return digest.hexdigest()


def _rule_text(rule: AnyRule) -> str:
    body = _source(rule) if rule.operation in {Operation.ROWWISE, Operation.SETTLED} else ""
    return f"{rule.name}|{rule.level.value}|{rule.since}|{rule.until}|{rule.operation.name}|{rule.needs}|{body}\n"


def _source(rule: AnyRule) -> str:
    """Give a rule's text, or what Python made of it where it was typed at a prompt."""
    try:
        return inspect.getsource(rule.function)
    except (OSError, TypeError):
        code = getattr(rule.function, "__code__", None)
        return f"{code.co_code.hex()} {code.co_consts} {code.co_names}" if code else rule.name


def _history(parameter: Parameter) -> str:
    head = f"{parameter.name} {parameter.unit.value} {parameter.by} {parameter.choices}"
    rows = [
        f"{row.place} {row.kind.value} {value_text(row.value, parameter.unit)} {row.in_force} {row.until} "
        f"{row.attested} {row.standing.value} {row.citation}"
        for row in parameter.rows
    ]
    unknown = [f"{span.place} {span.since} {span.until} unknown" for span in parameter.unknowns]
    return "\n".join((head, *rows, *unknown, ""))
