"""Draw the state machine of a register, and tell its steps and rules, from the register itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from _markdown import table
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from civaffairs.labels import Labelled
from civaffairs.registers.kinds import RegisterKind, Step
from civaffairs.registers.validity import Validity

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROW, BOX_HEIGHT, LINE, CHARACTER = 76, 38, 14, 6.6
Edge = tuple[int, int]


def found(path: str) -> Any:  # noqa: ANN401 -- whatever the page names
    """Import what a dotted path names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def width(text: str) -> float:
    """How wide a text is drawn: a Chinese character takes two places."""
    return sum(CHARACTER * (1 if ord(character) < 0x2E80 else 1.9) for character in text)


def states_of(steps: Iterable[Step]) -> list[Labelled]:
    """The states of a machine, in the order in which its closed set is written."""
    named = {state for step in steps for state in (*step.before, *([step.after] if step.after else []))}
    return sorted(named, key=lambda state: state.number)


def edges_of(steps: Sequence[Step], states: Sequence[Labelled]) -> dict[Edge, list[str]]:
    """What leads from one state to another; -1 is before a record begins."""
    place = {state: row for row, state in enumerate(states)}
    edges: dict[Edge, list[str]] = {}
    for step in steps:
        for state in step.before or (None,):
            start = -1 if state is None else place[state]
            end = start if step.after is None else place[step.after]
            told = edges.setdefault((start, end), [])
            label = f"{step.action.value} {step.action.label_zh}"
            if label not in told:
                told.append(label)
    return {edge: [label for label in told if not said_before(edge, label, edges)] for edge, told in edges.items()}


def said_before(edge: Edge, label: str, edges: Mapping[Edge, Sequence[str]]) -> bool:
    """Whether a shorter way to the same state says the same."""
    start, end = edge
    shorter = [told for other, told in edges.items() if other[1] == end and abs(end - other[0]) < abs(end - start)]
    return start != end and any(label in told for told in shorter)


def heights(edges: Mapping[Edge, Sequence[str]], states: int) -> list[float]:
    """How far down each state is drawn, with room for what is written beside it and on the way to the next."""
    beside = [LINE * len(edges.get((row, row), [])) for row in range(states)]
    found: list[float] = [max(ROW, beside[0] / 2 + LINE)]
    for row in range(1, states):
        between = LINE * len(edges.get((row - 1, row), []))
        found.append(found[-1] + max(ROW, (beside[row - 1] + beside[row]) / 2 + between + LINE))
    return found


def drawn(title: str, steps: Sequence[Step]) -> str:
    """Draw a machine as SVG: states from top to bottom, ways forward on the right, ways back on the left."""
    states = states_of(steps)
    edges = edges_of(steps, states)
    box = max(width(f"{state.value} {state.label_zh}") for state in states) + 28
    back = [edge for edge in edges if edge[1] < edge[0]]
    labels = [label for edge in back for label in edges[edge]]
    left = max([width(label) for label in labels], default=0) + (40 + 26 * len(back) if back else 16)
    reach = {edge: 30 + 30 * (edge[1] - edge[0] - 1) for edge in edges if edge[0] >= 0 and edge[1] - edge[0] > 1}
    ends = [
        left + box + reach.get(edge, 22) + width(f"↻ {label}") + 24 for edge, told in edges.items() for label in told
    ]
    centres = heights(edges, len(states))
    size = (max([left + box + 20, *ends]), centres[-1] + max(ROW, LINE * len(edges.get((len(states) - 1,) * 2, []))))
    middle = left + box / 2
    tops = [centre - BOX_HEIGHT / 2 for centre in centres]
    parts: list[str] = []
    for edge, told in sorted(edges.items()):
        start, end = edge
        if start == end:
            y = tops[start] + BOX_HEIGHT / 2
            parts += texts(left + box + 22, y + 4, [f"↻ {label}" for label in told])
        elif end - start == 1 or (start == -1 and end == 0):
            y = 18 if start == -1 else tops[start] + BOX_HEIGHT
            parts.append(arrow(f"M{middle},{y} V{tops[end] - 2}"))
            parts += texts(middle + 10, (y + tops[end]) / 2 + 4, told)
        elif end > start:
            y1 = 18 if start == -1 else tops[start] + BOX_HEIGHT * 0.75
            y2, x = tops[end] + BOX_HEIGHT * 0.25, left + box
            out = x + (30 + 30 * (end - start - 1))
            begin = f"M{middle},{y1}" if start == -1 else f"M{x},{y1}"
            parts.append(arrow(f"{begin} C{out},{y1} {out},{y2} {x + 2},{y2}"))
            parts += texts(x + (out - x) * 0.76 + 4, (y1 + y2) / 2 + 4, told)
        else:
            y1, y2 = tops[start] + BOX_HEIGHT * 0.25, tops[end] + BOX_HEIGHT * 0.75
            out = left - 26 * (start - end) - 14
            parts.append(arrow(f"M{left},{y1} C{out},{y1} {out},{y2} {left - 2},{y2}"))
            parts += texts(left - (left - out) * 0.76 - 4, (y1 + y2) / 2 + 4, told, "end")
    if any(start == -1 for start, _ in edges):
        parts.append(f'<circle cx="{middle}" cy="12" r="6" fill="currentColor"/>')
    for state, top in zip(states, tops, strict=True):
        parts.append(
            f'<rect x="{left}" y="{top}" width="{box:.0f}" height="{BOX_HEIGHT}" rx="8" fill="none" '
            f'stroke="currentColor"/><text x="{middle}" y="{top + 24}" text-anchor="middle" font-weight="600">'
            f"{escape(f'{state.value} {state.label_zh}')}</text>"
        )
    return (
        f'<figure class="machine"><svg role="img" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}" '
        f'style="max-width:{size[0]:.0f}px;width:100%;height:auto" font-size="12" fill="currentColor" '
        f'font-family="inherit" xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="currentColor"/></marker></defs>'
        f"{''.join(parts)}</svg></figure>"
    )


def arrow(path: str) -> str:
    """Draw one way."""
    return f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.55" marker-end="url(#arrow)"/>'


def texts(x: float, y: float, lines: Sequence[str], anchor: str = "start") -> list[str]:
    """Write lines around a height."""
    first = y - LINE * (len(lines) - 1) / 2
    return [
        f'<text x="{x:.0f}" y="{first + LINE * row:.0f}" text-anchor="{anchor}" class="way">{escape(line)}</text>'
        for row, line in enumerate(lines)
    ]


def steps_text(kind: RegisterKind[Any]) -> str:
    """Tell the steps as a table."""
    rows = [
        (
            f"{step.action.value} {step.action.label_zh}",
            ", ".join(str(state.value) for state in step.before) or "(begins)",
            str(step.after.value) if step.after else "(stays)",
            ", ".join(f"`{name}`" for name in step.needs),
            str(step.source or ""),
        )
        for step in kind.steps
    ]
    return table(("What happens", "From", "To", "It must state", "Provided for by"), rows)


def rules_text(kind: RegisterKind[Any]) -> str:
    """Tell the rules as a table."""
    rules = [rule for rule in kind.rules if isinstance(rule, Validity)]
    rows = [
        (rule.statement, f"{rule.severity.value} {rule.severity.label_zh}", str(rule.source or "")) for rule in rules
    ]
    return table(("Rule", "If it does not hold", "By"), rows)


def facts_text(kind: RegisterKind[Any]) -> str:
    """Tell the facts of a record as a table."""
    rows = [
        (f"`{name}`", column.label_zh, column.meaning, str(column.kind.value)) for name, column in kind.fields.items()
    ]
    return table(("Fact", "中文", "Meaning", "Written as"), rows)


TELLING: Mapping[str, Callable[[RegisterKind[Any]], str]] = {
    "register-steps": steps_text,
    "register-rules": rules_text,
    "register-facts": facts_text,
}


def told_steps(named: Any) -> tuple[str, tuple[Step, ...]]:  # noqa: ANN401 -- a kind of register, or a table of steps
    """Give the name and the steps of a register, or of a procedure written as a table of steps and what they follow."""
    if isinstance(named, RegisterKind):
        return f"{named.name} ({named.label_zh})", named.steps
    return "the procedure", tuple(
        Step(action=step, before=tuple(sorted(rule.after, key=lambda state: state.number)), after=step)
        for step, rule in named.items()
    )


class Machine(Directive):
    """``{machine} civaffairs.registers.x.KIND``: the drawing of the machine."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Draw it."""
        name, steps = told_steps(found(self.arguments[0]))
        picture = drawn(f"States of {name}", steps)
        return [nodes.raw("", picture, format="html")]


class Telling(Directive):
    """``{register-steps}``, ``{register-rules}``, ``{register-facts}``: what a register is made of, as a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write it as the page's own Markdown."""
        lines = TELLING[self.name](found(self.arguments[0])).splitlines()
        holder = nodes.section()
        self.state.nested_parse(StringList(lines, source=""), 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("machine", Machine)
    for name in TELLING:
        app.add_directive(name, Telling)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
