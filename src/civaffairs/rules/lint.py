"""Refuse, in a rule's body, what works for one row and breaks for two; name the word to use instead."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator

INSTEAD: dict[type[ast.AST], str] = {
    ast.If: "np.where(test, yes, no) or only_where=",
    ast.IfExp: "np.where(test, yes, no)",
    ast.And: "&",
    ast.Or: "|",
    ast.Not: "~",
    ast.For: "a declared total",
    ast.While: "a declared total",
    ast.ListComp: "a declared total",
    ast.SetComp: "a declared total",
    ast.DictComp: "a declared total",
    ast.GeneratorExp: "a declared total",
    ast.Div: "portion(amount, rate, rounding)",
    ast.FloorDiv: "portion(amount, rate, rounding)",
    ast.Mod: "portion(amount, rate, rounding)",
    ast.Is: "== or a declared first_stated",
    ast.IsNot: "!= or a declared first_stated",
    ast.In: "(x == a) | (x == b)",
    ast.NotIn: "(x != a) & (x != b)",
    ast.AugAssign: "a new name",
    ast.Assert: "a check at the border",
    ast.Try: "a check at the border",
}
BUILTINS = {
    "min": "np.minimum",
    "max": "np.maximum",
    "sum": "a declared total",
    "any": "a declared any_of",
    "all": "a declared every",
    "round": "portion(amount, rate, rounding)",
    "float": "whole fen",
    "int": "whole fen",
    "bool": "a flag",
    "len": "a declared count",
}
MIXING = {"sum", "cumsum", "prod", "any", "all", "max", "min", "sort", "argsort", "unique", "item", "tolist"}
INEXACT = {"mean", "average", "median", "astype", "divide", "true_divide", "floor_divide"}
METHODS = MIXING | INEXACT


def complaints(function: Callable[..., object]) -> Iterator[str]:
    """Yield each thing in a rule that works on one value only, with file, line and the word to use.

    Parameters
    ----------
    function
        The function that a rule is made of.

    Yields
    ------
    str
        ``file:line: what; write …``

    Examples
    --------
    >>> def poor(income, standard):
    ...     return not (0 <= income < standard)
    >>> [c.split(": ", 1)[1] for c in complaints(poor)]  # doctest: +SKIP
    ['Not works on one value only; write ~', 'a chained comparison works on one value only; write (a <= x) & (x < b)']
    """
    lines, first = inspect.getsourcelines(function)
    file = inspect.getsourcefile(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else [tree.body[0]]
    for statement in body:
        for node in ast.walk(statement):
            what = _complaint(node)
            if what:
                yield f"{file}:{first + getattr(node, 'lineno', 1) - 1}: {what}"


def _complaint(node: ast.AST) -> str:
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp):
        parts = [node.op]
    elif isinstance(node, ast.Compare):
        if len(node.ops) > 1:
            return "a chained comparison works on one value only; write (a <= x) & (x < b)"
        parts = list(node.ops)
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            return f"{node.func.id}() works on one value only; write {BUILTINS[node.func.id]}"
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            return (
                f".{node.func.attr}() mixes rows or leaves exact numbers; declare a total, or keep the column as it is"
            )
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"{node.value} is a float; write a Fraction or whole fen"
    if isinstance(node, ast.boolop | ast.operator | ast.unaryop | ast.cmpop):
        return ""
    for part in parts:
        if type(part) in INSTEAD:
            return f"{type(part).__name__} works on one value only; write {INSTEAD[type(part)]}"
    return ""
