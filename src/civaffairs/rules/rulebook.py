"""A rulebook: rules, values and columns that belong together; a plan is made of it, a reform is a changed copy."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import attrs

from civaffairs.errors import PlanError, UsageError, did_you_mean, listed
from civaffairs.law.parameters import Parameter, merge
from civaffairs.law.timeline import ONE_DAY
from civaffairs.law.values import Value, ValueKind
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.rules.fingerprint import fingerprint_of
from civaffairs.rules.lint import complaints
from civaffairs.rules.plan import Plan, Step
from civaffairs.rules.rule import DAY, AnyRule, Operation
from civaffairs.rules.values import Conventions, Day


@attrs.frozen(kw_only=True, eq=False)
class Scheme:
    """One benefit: what it is called, the rule that says who is entitled and the rule that says to how much.

    Attributes
    ----------
    name
        The scheme's short name.
    title, label_zh
        What it is called in English and Chinese.
    summary
        One sentence on what the law gives.
    verdict
        The flag of being entitled.
    amount
        Fen a month, before overlaps with other schemes.
    payable
        Fen a month after overlaps, where they may change it.
    place
        The place column that decides which values apply.
    keep
        Further rules whose columns a result keeps.
    """

    name: str
    title: str
    label_zh: str
    summary: str
    verdict: AnyRule
    amount: AnyRule | None = None
    payable: AnyRule | None = None
    place: str = "place"
    keep: tuple[AnyRule, ...] = ()

    @property
    def targets(self) -> tuple[AnyRule, ...]:
        """Rules without which the scheme cannot be assessed; overlaps may be ruled only later."""
        return tuple(rule for rule in (self.verdict, self.amount, *self.keep) if rule is not None)


@attrs.frozen
class Unavailable:
    """Why a scheme cannot be assessed on a day at all."""

    scheme: str
    reason: str
    reason_zh: str


_KIND_TYPES = {Kind.FEN: "Fen", Kind.FLAG: "Flags", Kind.CHOICE: "Codes", Kind.DATE: "Days", Kind.COUNT: "Count"}
_VALUE_TYPES = {
    ValueKind.MONEY: "Fen",
    ValueKind.COUNT: "Count",
    ValueKind.FLAG: "Flags",
    ValueKind.CHOICE: "Codes",
    ValueKind.RATIO: "Rate",
    ValueKind.SCALE: "Scale",
    ValueKind.CLASSES: "Classes",
}


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Rulebook:
    """Rules, values and columns that belong together; immutable.

    Attributes
    ----------
    rules
        Every version of every rule.
    parameters
        Dated, placed, cited values, by name.
    columns
        Columns that rules may read, by name.
    schemes
        The benefits, by name.
    overall
        Rules that put all benefits together, kept when all schemes are assessed.
    changes
        What a reform changed and why, in words.
    """

    rules: tuple[AnyRule, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]
    schemes: Mapping[str, Scheme] = attrs.field(factory=dict)
    overall: tuple[AnyRule, ...] = ()
    changes: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, tuple[AnyRule, ...]]:
        """Versions of each rule, the latest first."""
        found: dict[str, list[AnyRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.name, []).append(rule)
        return {name: tuple(sorted(versions, key=lambda rule: rule.since, reverse=True)) for name, versions in found.items()}

    def in_force(self, name: str, on: date, known: date | None = None) -> AnyRule | None:
        """Return the version of a rule in force on a day, of those whose documents were public by ``known``."""
        for rule in self.by_name[name]:
            if rule.since <= on and (rule.until is None or on <= rule.until) and _public(rule, known):
                return rule
        return None

    def plan(
        self,
        on: date,
        *,
        known: date | None = None,
        schemes: Sequence[str] | None = None,
        targets: Sequence[AnyRule | str] = (),
        conventions: Conventions | None = None,
    ) -> tuple[Plan, tuple[Unavailable, ...]]:
        """Put in order the rules in force on a day; every mistake in them is found here, all at once.

        Parameters
        ----------
        on
            The day.
        known
            Use only what was public by this day.
        schemes
            Names of schemes to assess; by default all, or none if ``targets`` are given.
        targets
            Further rules to work out and keep.
        conventions
            Readings the law leaves open.

        Returns
        -------
        plan, unavailable
            The plan, and the schemes for which no rules are in force on that day.

        Raises
        ------
        PlanError
            If a name is unknown, a level is mixed up, rules run in a circle, two versions begin on one day, types do
            not fit, or a rule's body works for one row only.
        UsageError
            If a scheme is unknown.
        """
        wanted = tuple(schemes) if schemes is not None else (() if targets else tuple(self.schemes))
        for name in wanted:
            if name not in self.schemes:
                msg = f"no scheme {name!r}{did_you_mean(name, self.schemes)}; known: {', '.join(self.schemes)}"
                raise UsageError(msg)
        extra = tuple(target if isinstance(target, str) else target.name for target in targets)
        for name in extra:
            if name not in self.by_name:
                msg = f"no rule {name!r}{did_you_mean(name, self.by_name)}"
                raise UsageError(msg)
        return _plan(self, on, known, wanted, extra, conventions or Conventions())

    def with_parameter(
        self, parameter: Parameter, value: Value, *, place: str, since: date, why: str
    ) -> Rulebook:
        """Return a copy in which a value is another from a day on; results print that it is assumed, and why.

        Parameters
        ----------
        parameter
            The value to change.
        value
            Its new value, of the same kind: fen, a count, a `Fraction`, a flag.
        place
            Division code where it changes.
        since
            First day.
        why
            What the change is for.
        """
        changed = self.parameters[parameter.name].with_value(value, place=place, since=since, why=why)
        note = f"{parameter.name} = {value} in {place} from {since}: {why}"
        return attrs.evolve(self, parameters={**self.parameters, parameter.name: changed}, changes=(*self.changes, note))

    def with_rule(self, rule: AnyRule, *, why: str) -> Rulebook:
        """Return a copy with one more rule, or one more version of a rule; one that begins on the same day is replaced."""
        others = tuple(old for old in self.rules if (old.name, old.since) != (rule.name, rule.since))
        return attrs.evolve(self, rules=(*others, rule), changes=(*self.changes, f"rule {rule.name} from {rule.since}: {why}"))

    def with_file(self, source: Path | str, *, assumed: bool = False) -> Rulebook:
        """Return a copy with the rows of a caller's file: their own cited notices, or stand-ins that are marked so.

        Parameters
        ----------
        source
            The file, or TOML text.
        assumed
            Whether its rows are stand-ins, which say ``why`` instead of citing a document.
        """
        return attrs.evolve(self, parameters=merge(self.parameters, source, assumed=assumed))

    def boundary_days(self) -> tuple[date, ...]:
        """List every day on which a rule or a value changes."""
        days = {rule.since for rule in self.rules} | {rule.until + ONE_DAY for rule in self.rules if rule.until}
        for parameter in self.parameters.values():
            days |= parameter.boundary_days()
        return tuple(sorted(days))

    def check(self) -> list[str]:
        """List what is wrong with the rules on any day; an empty list is good."""
        faults = [f"{complaint}" for rule in self.rules if rule.operation is Operation.ROWWISE for complaint in complaints(rule.function)]
        for day in self.boundary_days():
            try:
                self.plan(day, schemes=tuple(self.schemes))
            except PlanError as error:
                faults.append(f"on {day}: {error}")
        return faults

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every rule's text and every value: two results with the same one stand on the same law."""
        return fingerprint_of(self.rules, self.parameters)

    def __repr__(self) -> str:
        changed = f", changed: {'; '.join(self.changes)}" if self.changes else ""
        return f"<Rulebook of {len(self.schemes)} schemes, {len(self.by_name)} rules, {len(self.parameters)} values{changed}>"


def _public(rule: AnyRule, known: date | None) -> bool:
    return known is None or all(citation.document.published_by(known) is True for citation in rule.citations)


@lru_cache(maxsize=256)
def _plan(
    book: Rulebook, on: date, known: date | None, schemes: tuple[str, ...], extra: tuple[str, ...], conventions: Conventions
) -> tuple[Plan, tuple[Unavailable, ...]]:
    faults = _same_day_faults(book)
    live = {name: rule for name in book.by_name if (rule := book.in_force(name, on, known)) is not None}
    faults += _name_faults(book)
    if faults:
        raise PlanError(_told(faults))
    unavailable: list[Unavailable] = []
    keep: list[str] = []
    for scheme in schemes:
        absent = _absent(book, live, [rule.name for rule in book.schemes[scheme].targets])
        if absent:
            unavailable.append(_why_absent(book, scheme, absent, on, known))
        else:
            keep += [rule.name for rule in book.schemes[scheme].targets]
    if len(schemes) == len(book.schemes):
        # What is payable beside other benefits is known only where all of them are assessed.
        together = (*(book.schemes[name].payable for name in schemes), *book.overall)
        keep += [rule.name for rule in together if rule is not None and not _absent(book, live, [rule.name])]
    for name in extra:
        if absent := _absent(book, live, [name]):
            msg = f"{name} cannot be worked out for {on}: {_why_absent(book, name, absent, on, known).reason}"
            raise UsageError(msg)
        keep.append(name)
    needed = _closure(live, keep)
    levels = {
        **{name: column.level for name, column in book.columns.items()},
        **{name: book.columns[p.by].level for name, p in book.parameters.items() if p.by in book.columns},
        **{name: rule.level for name, rule in live.items()},
    }
    faults = [fault for name in needed for fault in _rule_faults(book, live[name], live, levels)]
    try:
        order = tuple(TopologicalSorter({name: [n for n in live[name].needs if n in live] for name in needed}).static_order())
    except CycleError as error:
        faults.append("rules run in a circle: " + " → ".join(reversed(error.args[1])))
        order = ()
    if faults:
        raise PlanError(_told(faults))
    steps = _steps(order, live, levels, frozenset(keep))
    read = {name for step in steps for name in step.rule.needs}
    plan = Plan(
        Day(on, conventions),
        known,
        steps,
        levels,
        {name: column for name, column in book.columns.items() if name in read},
        {name: parameter for name, parameter in book.parameters.items() if name in read},
        tuple(dict.fromkeys(keep)),
    )
    return plan, tuple(unavailable)


def _told(faults: Iterable[str]) -> str:
    every = list(dict.fromkeys(faults))
    return f"{len(every)} fault{'s' * (len(every) != 1)} in the rules:\n" + "\n".join(every)


def _same_day_faults(book: Rulebook) -> list[str]:
    return [
        f"{later.where}: two versions of {name!r} begin on {later.since}; the other is at {earlier.where}"
        for name, versions in book.by_name.items()
        for later, earlier in zip(versions, versions[1:], strict=False)
        if later.since == earlier.since
    ]


def _name_faults(book: Rulebook) -> list[str]:
    known = {*book.by_name, *book.parameters, *book.columns, DAY}
    faults = [
        f"{rule.where}: {rule.name} asks for {need!r}, which nothing gives{did_you_mean(need, known)}"
        for rule in book.rules
        for need in rule.needs
        if need not in known
    ]
    doubled = (set(book.by_name) & set(book.parameters)) | (set(book.by_name) & set(book.columns)) | (set(book.parameters) & set(book.columns))
    faults += [f"the name {name!r} is given twice, as a rule, a value or a column; rename one" for name in sorted(doubled)]
    faults += [
        f"{rule.where}: {rule.name} cites no article; a rule without a source cannot be used" for rule in book.rules if not rule.citations
    ]
    faults += [
        complaint
        for rule in book.rules
        if rule.operation is Operation.ROWWISE and not str(rule.function.__module__).startswith("civaffairs.")
        for complaint in _complaints_if_source(rule)
    ]
    return faults


def _complaints_if_source(rule: AnyRule) -> list[str]:
    try:
        return list(complaints(rule.function))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return []  # typed at a prompt or made by a tool: there is no source to read


def _rule_faults(book: Rulebook, rule: AnyRule, live: Mapping[str, AnyRule], levels: Mapping[str, Level]) -> list[str]:
    faults = []
    members = rule.operation in {Operation.TOTAL, Operation.COUNT, Operation.ANY}
    among = Level.PERSON if members or rule.operation is Operation.APPORTION else rule.level
    for need in rule.needs:
        if need != DAY and levels[need] is Level.PERSON and among is Level.HOUSEHOLD:
            faults.append(f"{rule.where}: {rule.name} is of households but asks for {need!r} of persons; declare a total, count or any_of")
    if rule.operation is Operation.APPORTION and levels[rule.arguments[0]] is Level.PERSON:
        faults.append(f"{rule.where}: {rule.name} shares out a household's amount, but {rule.arguments[0]!r} is of persons")
    if members and rule.level is not Level.HOUSEHOLD:
        faults.append(f"{rule.where}: {rule.name} adds up members, so it is of households")
    if rule.operation is Operation.ROWWISE:
        for need, annotation in inspect.get_annotations(rule.function).items():
            given = _given_type(book, live, need)
            if need in rule.arguments and given and str(annotation) in _TYPE_NAMES and str(annotation) != given:
                faults.append(f"{rule.where}: {rule.name} takes {need!r} as {annotation}, but it is {given}")
    return faults


_TYPE_NAMES = frozenset({"Fen", "Flags", "Codes", "Days", "Count", "Rate", "Scale", "Classes"})


def _given_type(book: Rulebook, live: Mapping[str, AnyRule], name: str) -> str:
    if name in live:
        return live[name].gives if live[name].gives in _TYPE_NAMES else ""
    if name in book.parameters:
        return _VALUE_TYPES[book.parameters[name].kind]
    if name in book.columns:
        return _KIND_TYPES.get(book.columns[name].kind, "")
    return ""


def _closure(live: Mapping[str, AnyRule], names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    stack = list(names)
    while stack:
        name = stack.pop()
        if name in live and name not in found:
            found[name] = None
            stack += live[name].needs
    return tuple(found)


def _absent(book: Rulebook, live: Mapping[str, AnyRule], names: Sequence[str]) -> tuple[str, ...]:
    """Name the rules needed for ``names`` that exist but are not in force."""
    absent = [name for name in names if name not in live]
    absent += [need for name in _closure(live, names) for need in live[name].needs if need in book.by_name and need not in live]
    return tuple(dict.fromkeys(absent))


def _why_absent(book: Rulebook, scheme: str, absent: tuple[str, ...], on: date, known: date | None) -> Unavailable:
    first = max(min(rule.since for rule in book.by_name[name]) for name in absent)
    if first > on:
        return Unavailable(
            scheme,
            f"rules before {first} are not written (asked for {on}; missing: {listed(absent)})",
            f"{first}之前的规则未编写（查询日{on}）",
        )
    return Unavailable(
        scheme,
        f"the documents of {listed(absent)} were not public, or not surely so, by {known}",
        f"截至{known}有关文件尚未（或不能确定已）公布",
    )


def _steps(
    order: Sequence[str], live: Mapping[str, AnyRule], levels: Mapping[str, Level], keep: frozenset[str]
) -> tuple[Step, ...]:
    rules = [live[name] for name in order if name in live]
    last: dict[str, int] = {}
    for position, rule in enumerate(rules):
        for need in rule.needs:
            last[need] = position
    steps = []
    for position, rule in enumerate(rules):
        to_members = rule.operation in {Operation.TOTAL, Operation.COUNT, Operation.ANY} or rule.level is Level.PERSON
        shared = rule.arguments[0] if rule.operation is Operation.APPORTION else None

        def placed(need: str, to_members: bool = to_members, shared: str | None = shared) -> tuple[str, bool]:
            return need, need != DAY and to_members and need != shared and levels[need] is Level.HOUSEHOLD

        steps.append(
            Step(
                rule,
                tuple(placed(need) for need in rule.arguments),
                placed(rule.only_where) if rule.only_where else None,
                to_members,
                tuple(need for need in rule.needs if last[need] == position and need in live and need not in keep),
            )
        )
    return tuple(steps)
