"""The worked examples of ``cases``, read as facts, assumptions and expected answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
from oracle import PUBLISHED, Facts, Parameters

from civaffairs.law.values import ValueKind, read_value
from civaffairs.money import yuan
from civaffairs.people.columns import Kind
from civaffairs.people.household import COLUMNS
from civaffairs.schemes import RULEBOOK

FOLDER = Path(__file__).with_name("cases")
DAY = date(2025, 6, 1)
"""The day of a case that names none: the published amounts were in force on it."""


@attrs.frozen
class Case:
    """A worked example.

    Its ``tag`` says what it rests on: ``V`` on the law and on published amounts alone, ``GX25`` on the Guangxi rules as
    a secondary source gives them, ``P`` on a choice that ``assume`` or ``source`` names as well.
    """

    scheme: str
    id: str
    title: str
    on: date
    tag: str
    source: str
    assume: Parameters
    household: Facts
    persons: list[Facts]
    expect: dict[str, Any]

    @property
    def parameters(self) -> Parameters:
        """What is published, and what the case assumes."""
        return PUBLISHED | self.assume


def load_cases() -> list[Case]:
    """Read every case, scheme by scheme."""
    personas = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
    return [
        case
        for path in sorted(FOLDER.glob("*.toml"))
        if path.stem != "personas"
        for case in cases_of(path.stem, tomllib.loads(path.read_text("utf-8")), personas)
    ]


def cases_of(scheme: str, document: dict[str, Any], personas: dict[str, Facts]) -> Iterator[Case]:
    """Read the cases of one file."""
    for entry in document["case"]:
        people = [dict(person) for person in entry["person"]]
        expected = [in_fen(person.pop("expect", {})) for person in people]
        facts = [persona(person.pop("is"), personas) | person for person in people]
        yield Case(
            scheme=scheme,
            id=entry["id"],
            title=entry["title"],
            on=entry.get("on", DAY),
            tag=entry["tag"],
            source=entry["source"],
            assume={name: assumed(name, value) for name, value in entry.get("assume", {}).items()},
            household=stated({"household_id": entry["id"]} | personas["household"] | entry.get("household", {})),
            persons=[stated({"person_id": f"{entry['id']}-{place}"} | each) for place, each in enumerate(facts, 1)],
            expect={"household": in_fen(entry.get("expect", {})), "persons": expected},
        )


def persona(name: str, personas: dict[str, Facts]) -> Facts:
    """The facts of a persona, on top of those of the one that it is like."""
    own = dict(personas[name])
    like = own.pop("like", None)
    return own if like is None else persona(like, personas) | own


def stated(facts: Facts) -> Facts:
    """Facts with their yuan read as fen; a fact that no column holds is refused."""
    return {name: yuan(value) if COLUMNS[name].kind is Kind.FEN else value for name, value in facts.items()}


def in_fen(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers with their yuan, the only texts among them, read as fen."""
    return {name: yuan(value) if isinstance(value, str) else value for name, value in answers.items()}


def assumed(name: str, value: Any) -> Any:  # noqa: ANN401 -- a parameter is of many kinds
    """An assumption as the oracle reads it: sets of classes or groups, steps in fen, amounts in fen, exact ratios."""
    if name.startswith("severe_by_") or name == "nursing_classes":
        return frozenset((kind, grade) for kind, grade in value)
    if name.endswith("_groups"):
        return read_value(value, ValueKind.GROUPS)
    if name.endswith(("_rate", "_share", "_ratio")):
        return Fraction(value)
    if isinstance(value, dict):
        return value | {"steps": [(in_step(start), in_step(amount)) for start, amount in value["steps"]]}
    money = name in RULEBOOK.parameters and RULEBOOK.parameters[name].kind is ValueKind.MONEY
    return yuan(value) if money and isinstance(value, str) else value


def in_step(value: str | int) -> int:
    """One side of a step: yuan if it is text, else an age."""
    return yuan(value) if isinstance(value, str) else value
