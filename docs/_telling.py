"""How a rule, a value and a paper are told: in words, in both languages, with links to each other."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from _markdown import bullets, dropdown, page, table

from civaffairs.law import places
from civaffairs.law.citation import Citation, Document, documents
from civaffairs.law.parameters import Parameter, Row, RowKind
from civaffairs.law.values import ValueKind, value_text
from civaffairs.rules.rule import AnyRule, Operation
from civaffairs.schemes import RULEBOOK

NEXT = timedelta(days=1)
NATION = "000000"


# Rules


def link(name: str) -> str:
    """Link to where a rule, a value or a column is told; a value of another place leads to the value."""
    told = name.partition("@")[0]
    for kind, known in (("rule", RULEBOOK.by_name), ("value", RULEBOOK.parameters), ("column", RULEBOOK.columns)):
        if told in known:
            return f"[`{name}`](#{kind}-{told})"
    return f"`{name}`"


def cited(document: Document) -> str:
    """Link to a paper."""
    return f"[{document.title_en}](#paper-{document.key})"


def citation_text(citation: Citation) -> str:
    """Write a citation in both languages, with a link to its paper."""
    place = str(citation).removeprefix(str(citation.document))
    return f"{cited(citation.document)}{place} {citation.zh}"


def rule_text(name: str) -> str:
    """Tell a rule with all its versions, the oldest first."""
    versions = RULEBOOK.by_name[name][::-1]
    ends = [version.until or after.since - NEXT for version, after in pairwise(versions)]
    told = [version_text(rule, end) for rule, end in zip(versions, [*ends, versions[-1].until], strict=True)]
    return page(f"(rule-{name})=\n### {versions[-1].label_zh} `{name}`", *told).rstrip()


def version_text(rule: AnyRule, until: date | None) -> str:
    """Tell one version of a rule."""
    conventions = ", ".join(f"[{name}](conventions.md)" for name in rule.conventions)
    of = f"{rule.level.value} {rule.level.label_zh}"
    facts = [
        "; ".join(map(citation_text, rule.citations)),
        f"From {rule.since}" + (f" to {until}" if until else "") + f"; one value a {of}"
        + (f", in {rule.unit.value}" if rule.unit.value else ""),
        f"Worked out from {', '.join(link(need) for need in rule.arguments)}"
        + ("" if rule.operation is Operation.ROWWISE else f": {rule.operation.value}"),
        f"Nought where {link(rule.only_where)} is no, whatever else is not known" if rule.only_where else "",
        f"Convention: {conventions}" if conventions else "",
    ]  # fmt: skip
    return page(rule.meaning, bullets(fact for fact in facts if fact), code_of(rule)).rstrip()


def code_of(rule: AnyRule) -> str:
    """Show the body of a rule that is a function of its own."""
    if rule.operation is not Operation.ROWWISE:
        return ""
    source = textwrap.dedent(inspect.getsource(rule.function))
    return dropdown("As code", f"```python\n{source[source.index('def ') :].rstrip()}\n```")


# Values


def value_section(parameter: Parameter) -> str:
    """Tell a value with its whole history, and where it is not known."""
    head = f"(value-{parameter.name})=\n### {parameter.title_en} {parameter.title_zh}"
    facts = f"`{parameter.name}`: {asked(parameter)}, by {link(parameter.by)}. Last checked {parameter.checked}."
    header = ("place", "value", "when", "paper", "standing", "note")
    rows = table(header, (row_cells(parameter, row) for row in parameter.rows))
    return page(head, facts, rows, *unknowns(parameter)).rstrip()


def asked(parameter: Parameter) -> str:
    """Say what a value may be."""
    if parameter.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in parameter.choices)
    words = {
        ValueKind.FLAG: "yes or no",
        ValueKind.CLASSES: "kinds and grades of disability",
        ValueKind.GROUPS: "groups of the old, each a status with an ability",
    }
    if parameter.kind in words:
        return words[parameter.kind]
    return str(parameter.unit.value).replace("fen", "yuan") + f" {parameter.unit.label_zh}"


def row_cells(parameter: Parameter, row: Row) -> tuple[str, ...]:
    """Write a row of a value's history."""
    bound = "" if row.kind is RowKind.VALUE else f"{row.kind.value} {row.kind.label_zh}: "
    paper = f"{cited(row.citation.document)} {row.citation.zh}" if row.citation else ""
    standing = f"{row.standing.value} {row.standing.label_zh}"
    notes = "; ".join(row.notes)
    return placed(row.place), bound + value_text(row.value, parameter.unit), dated(row), paper, standing, notes


def dated(row: Row) -> str:
    """Say when a row holds."""
    if row.attested is None:
        return f"from {row.in_force}" + (f" to {row.until}" if row.until else "")
    span = f" within {row.describes[0]} to {row.describes[1]}" if row.describes else ""
    return f"no. {row.attested} in order{span}, the day is not told"


def placed(code: str) -> str:
    """Name a place; one that the table of divisions lacks is told by its code."""
    if code == NATION:
        return f"全国 `{code}`"
    return f"{places.name(code)} `{code}`" if places.known(code) else f"`{code}`"


def unknowns(parameter: Parameter) -> Iterator[str]:
    """Tell where and when a value is declared unknown."""
    for span in parameter.unknowns:
        since = f" from {span.since}" if span.since else ""
        until = f" to {span.until}" if span.until else ""
        where = f"Where to look: {span.where_to_look}."
        yield f":::{{admonition}} Not known 未知: {placed(span.place)}{since}{until}\n:class: warning\n\n{where}\n:::"


# Papers


def papers_behind(names: Iterable[str]) -> list[Document]:
    """List the papers that rules and values cite, in the order of the bibliography."""
    chosen = set(names)
    cites = {c.document.key: c.document for rule in RULEBOOK.rules if rule.name in chosen for c in rule.citations}
    rows = [row for name in chosen if name in RULEBOOK.parameters for row in RULEBOOK.parameters[name].rows]
    cites |= {row.citation.document.key: row.citation.document for row in rows if row.citation}
    return [document for key, document in documents().items() if key in cites]


def issued(document: Document) -> str:
    """Say when a paper was issued, or between which days it became public."""
    if document.issued:
        return str(document.issued)
    first, last = document.public_between or ("", "")
    return f"between {first} and {last}"


def paper_cells(document: Document) -> tuple[str, ...]:
    """Write a paper as a row."""
    title = f"{cited(document)} 《{document.title_zh}》"
    read = f"{document.read.value} {document.read.label_zh}"
    return title, document.number, issued(document), str(document.in_force or ""), read


def paper_text(document: Document) -> str:
    """Tell a paper: who issued it, when, since when it is in force, and how it was read."""
    kind = f"{document.kind.label_zh} ({document.kind.value}) of {document.issuer}"
    span = document.describes
    facts = [
        kind + (f", {document.number}" if document.number else ""),
        f"Issued {issued(document)}",
        f"In force from {document.in_force}" if document.in_force else "",
        f"Amended {document.amended}" if document.amended else "",
        f"No longer in force from {document.repealed}" if document.repealed else "",
        f"Describes {span[0]} to {span[1]}" if span else "",
        f"Read from: {document.read.value} {document.read.label_zh}",
        f"Note: {document.note}" if document.note else "",
    ]
    head = f"(paper-{document.key})=\n## {document.title_en} 《{document.title_zh}》"
    return page(head, bullets(fact for fact in facts if fact)).rstrip()
