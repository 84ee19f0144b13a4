"""Tables that other pages include: every column of a roster, and the glossary."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from _markdown import page, table, write_folder

import civaffairs
from civaffairs.money import LARGEST_FEN, yuan_text
from civaffairs.people.columns import Column, Kind, Level, columns_of
from civaffairs.people.household import COLUMNS, HOUSEHOLD_COLUMNS
from civaffairs.people.person import Person
from civaffairs.schemes import RULEBOOK, SCHEMES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PARENTS = ("mother_", "father_")
FLOORS = {"calendar", "identity", "law", "money", "people", "rules", "workdays"}
PERSON = columns_of(Person, Level.PERSON)


def _between(first: str, last: str) -> tuple[Column, ...]:
    names = [column.name for column in PERSON]
    return PERSON[names.index(first) : names.index(last) + 1]


GROUPS = {
    "The household 家庭": HOUSEHOLD_COLUMNS,
    "The person 个人": _between("person_id", "employed"),
    "Income and assets 收入与财产": _between("wage_income", "own_assets_within_limits"),
    "Disability, illness, other support 残疾、疾病与其他保障": _between("disability_kind", "benefit_choice"),
    "A child's parents 父母状况": tuple(column for column in COLUMNS.values() if column.name.startswith(PARENTS)),
}
"""Columns as a reader looks for them; together they are all of them."""


HOW = {
    Kind.KEY: "text",
    Kind.NUMBER: "text",
    Kind.PLACE: "six digits",
    Kind.DATE: "day",
    Kind.FLAG: "yes or no",
    Kind.FEN: "yuan",
}


def column_cells(column: Column) -> tuple[str, ...]:
    """Write a column as a row."""
    name = f"[`{column.name}`]{{#column-{column.name}}}" + (" **required**" if column.required else "")
    meaning = f"{column.label_zh}: {column.meaning}"
    return name, how(column), meaning, column.source


def how(column: Column) -> str:
    """Say how a column is filled in."""
    if column.choices is not None:
        return ", ".join(f"`{choice.value}` {choice.label_zh}" for choice in column.choices)
    if column.kind is Kind.COUNT:
        return f"whole number, {column.low} to {column.high}"
    return HOW[column.kind]


def columns_text() -> str:
    """Write the tables of columns, group by group."""
    header = ("column", "how", "meaning", "why it matters")
    blocks = [page(f"### {title}", table(header, map(column_cells, group))).rstrip() for title, group in GROUPS.items()]
    most = f"An amount of money is at most {yuan_text(LARGEST_FEN)} yuan."
    return page(most, *blocks)


def module_names() -> Iterator[str]:
    """Name the modules in which terms of the field are defined."""
    for module in pkgutil.iter_modules(civaffairs.__path__, "civaffairs."):
        if module.name.rpartition(".")[2] in FLOORS:
            yield module.name
            yield from inner_names(module.name)


def inner_names(package: str) -> Iterator[str]:
    """Name the modules inside a package; a plain module has none."""
    path = getattr(importlib.import_module(package), "__path__", ())
    return (inner.name for inner in pkgutil.iter_modules(path, f"{package}."))


def closed_sets() -> Iterator[type[Enum]]:
    """Give every closed set of the library whose members have a Chinese label."""
    found: dict[str, type[Enum]] = {}
    for name in module_names():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == name:
                members = list(value)
                if members and all(hasattr(member, "label_zh") for member in members):
                    found[value.__qualname__] = value
    yield from (found[name] for name in sorted(found))


def summary(kind: type[Enum]) -> str:
    """Give the first line of what a closed set is."""
    return (kind.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def members(kind: type[Enum]) -> tuple[str, str]:
    """List the members of a closed set: in Chinese, and as they are written."""
    labels = "、".join(str(vars(member)["label_zh"]) for member in kind)
    return labels, ", ".join(f"`{member.value}`" for member in kind)


def glossary_text() -> str:
    """Write the terms that the code names in both languages."""
    benefits = [(scheme.title, scheme.label_zh, f"[`{scheme.name}`](schemes/{scheme.name}.md)") for scheme in SCHEMES]
    values = [(p.title_en, p.title_zh, f"[`{p.name}`](#value-{p.name})") for p in RULEBOOK.parameters.values()]
    rules = {rule.name: (rule.meaning, rule.label_zh, f"[`{rule.name}`](#rule-{rule.name})") for rule in RULEBOOK.rules}
    answers = [(summary(kind), *members(kind)) for kind in closed_sets()]
    header = ("English", "中文", "in the library")
    return page(
        "## Benefits 待遇", table(header, benefits),
        "## Values 标准", table(header, values),
        "## Rules 规则", table(header, rules.values()),
        "## Closed sets 选项", table(header, answers),
    )  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the tables before the pages that include them are read."""
    texts = {"columns.md": columns_text(), "glossary.md": glossary_text()}
    app.connect("builder-inited", lambda app: write_folder(Path(app.srcdir) / "_generated", texts))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
