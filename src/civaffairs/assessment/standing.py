"""What a result stands on: statutes, notices, conventions and assumptions, and how many households used each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.tabular import html_table
from civaffairs.law.citation import Citation, Document, DocumentKind, ReadFrom
from civaffairs.law.lookup import Found, Parameter
from civaffairs.law.timeline import Standing
from civaffairs.law.values import value_text
from civaffairs.people.columns import Level
from civaffairs.people.population import Population
from civaffairs.rules.explain import Language
from civaffairs.rules.plan import Plan, plan_value
from civaffairs.rules.values import CONVENTION_TEXTS

HEADS = {
    Standing.STATUTE: ("Statutes and rules", "法律、法规、规章"),
    Standing.PUBLISHED: ("Notices and reports", "通知和报告"),
    Standing.CONVENTION: ("Conventions (readings the law leaves open)", "约定（法律未明确之处）"),
    Standing.ASSUMED: ("Assumptions (not published by anybody)", "假定（未见公布）"),
}
_BINDING = frozenset({DocumentKind.LAW, DocumentKind.REGULATION, DocumentKind.LOCAL_REGULATION, DocumentKind.RULES})


@attrs.frozen(kw_only=True)
class Item:
    """One thing that a result stands on.

    Attributes
    ----------
    standing
        Statute, published, convention or assumed.
    what, what_zh
        The document, convention or value.
    detail, detail_zh
        Articles, or what the value is and how it was read.
    households
        How many households it was consulted for.
    """

    standing: Standing
    what: str
    what_zh: str
    detail: str = ""
    detail_zh: str = ""
    households: int = 0


@attrs.frozen(repr=False)
class Standings(Sequence[Item]):
    """Everything a result stands on."""

    items: tuple[Item, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Standings: ...
    def __getitem__(self, index: int | slice) -> Item | Standings:
        return Standings(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def of(self, standing: Standing) -> tuple[Item, ...]:
        """Only what has one standing."""
        return tuple(item for item in self.items if item.standing is standing)

    @property
    def assumed(self) -> bool:
        """Whether anything is assumed."""
        return bool(self.of(Standing.ASSUMED))

    def __add__(self, other: Standings) -> Standings:
        """Join the standings of two parts of one population; households add up."""
        merged = {_key(item): item for item in self.items}
        for item in other.items:
            old = merged.get(_key(item))
            merged[_key(item)] = (
                item if old is None else attrs.evolve(item, households=item.households + old.households)
            )
        return Standings(tuple(sorted(merged.values(), key=lambda item: list(HEADS).index(item.standing))))

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write it as text."""
        zh = language is Language.CHINESE
        lines = []
        for standing, (head, head_zh) in HEADS.items():
            items = self.of(standing)
            lines.append(f"{head_zh if zh else head}:" + ("" if items else (" 无" if zh else " none")))
            for item in items:
                what, detail = (item.what_zh, item.detail_zh) if zh else (item.what, item.detail)
                count = f"（{item.households:,}户）" if zh else f" ({item.households:,} households)"
                lines.append(f"  {what}" + (f": {detail}" if detail else "") + count)
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        rows = [[HEADS[i.standing][0], i.what, i.detail, f"{i.households:,}"] for i in self.items]
        return html_table(["standing", "what", "detail", "households"], rows)


def _key(item: Item) -> tuple[object, ...]:
    return item.standing, item.what, item.detail


def standings(plan: Plan, population: Population) -> Standings:
    """Collect what a plan stands on for the places of a population.

    Parameters
    ----------
    plan
        The rules and values of the run.
    population
        Whom it was run for.
    """
    items = [*_documents(plan, population.households)]
    conventions: dict[str, int] = dict.fromkeys(
        (c for step in plan.steps for c in step.rule.conventions), population.households
    )
    dated: dict[str, NDArray[np.bool_]] = {}
    for parameter, found, households in _consulted(plan, population):
        items.append(_value_item(parameter, found, int(households.sum())))
        for convention in found.conventions:
            dated.setdefault(convention.name.lower(), np.zeros(population.households, bool))
            dated[convention.name.lower()] |= households
    conventions |= {name: int(households.sum()) for name, households in dated.items()}
    items += [_convention_item(plan, name, households) for name, households in conventions.items()]
    order = list(HEADS)
    return Standings(tuple(sorted(items, key=lambda item: order.index(item.standing))))


def _documents(plan: Plan, households: int) -> Iterator[Item]:
    cited: dict[str, tuple[Document, dict[Citation, None]]] = {}
    for step in plan.steps:
        for citation in step.rule.citations:
            cited.setdefault(citation.document.key, (citation.document, {}))[1][citation] = None
    for document, citations in cited.values():
        standing = Standing.STATUTE if document.kind in _BINDING else Standing.PUBLISHED
        secondary = document.read is ReadFrom.SECONDARY
        yield Item(
            standing=standing,
            what=str(document),
            what_zh=document.zh,
            detail="; ".join(filter(None, (_places_in(citations), "secondary reading: check" if secondary else ""))),
            detail_zh="；".join(
                filter(None, (_places_in(citations, zh=True), "间接转述，须核对" if secondary else ""))
            ),
            households=households,
        )


def _places_in(citations: Iterable[Citation], zh: bool = False) -> str:
    """Name the articles and sections cited, each once."""
    articles = sorted({citation.article for citation in citations if citation.article is not None})
    headings = sorted({citation.heading for citation in citations if citation.heading})
    if zh:
        return "、".join([f"第{number}条" for number in articles] + [f"“{heading}”" for heading in headings])
    listed = f"art{'s' * (len(articles) > 1)}. {', '.join(map(str, articles))}" if articles else ""
    return "; ".join(part for part in (listed, ", ".join(headings)) if part)


def _consulted(plan: Plan, population: Population) -> Iterator[tuple[Parameter, Found, NDArray[np.bool_]]]:
    """Yield each value that some place has, and which households it was consulted for by whatever place column."""
    rows: dict[int, tuple[Parameter, Found, NDArray[np.bool_]]] = {}
    for parameter in plan.parameters.values():
        if population.column(parameter.by) is None:
            continue
        codes, back = population.places(parameter.by)
        person = plan.levels[parameter.name] is Level.PERSON
        for position, code in enumerate(codes.tolist()):
            found = plan_value(plan, parameter, code)
            if not isinstance(found, Found):
                continue
            here = np.flatnonzero(back == position)
            nobody = np.zeros(population.households, bool)
            _, _, households = rows.setdefault(id(found.row), (parameter, found, nobody))
            households[population.index[here] if person else here] = True
    yield from rows.values()


def _value_item(parameter: Parameter, found: Found, households: int) -> Item:
    value = value_text(found.value, parameter.unit)
    cited = str(found.citation) if found.citation else ""
    cited_zh = found.citation.zh if found.citation else ""
    return Item(
        standing=found.standing,
        what=f"{parameter.title_en} = {value}",
        what_zh=f"{parameter.title_zh} = {value}",
        detail="; ".join(part for part in (cited, *found.notes) if part),
        detail_zh="；".join(part for part in (cited_zh, *found.notes) if part),
        households=households,
    )


def _convention_item(plan: Plan, name: str, households: int) -> Item:
    about, about_zh = CONVENTION_TEXTS[name]
    chosen: object = getattr(plan.day.conventions, name, None)
    detail: Mapping[str, str] = (
        {} if chosen is None else {"en": str(getattr(chosen, "value", "")), "zh": str(getattr(chosen, "label_zh", ""))}
    )
    return Item(
        standing=Standing.CONVENTION,
        what=about,
        what_zh=about_zh,
        detail=detail.get("en", "").replace("_", " "),
        detail_zh=detail.get("zh", ""),
        households=households,
    )
