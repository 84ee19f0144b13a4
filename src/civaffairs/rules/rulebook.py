"""A rulebook: rules, values and columns that belong together; a plan is made of it, a reform is a changed copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import attrs

from civaffairs.errors import PlanError, UsageError, did_you_mean, is_a
from civaffairs.law.parameters import Parameter, merge
from civaffairs.law.timeline import ONE_DAY
from civaffairs.law.values import Value
from civaffairs.people.columns import Column
from civaffairs.rules.fingerprint import fingerprint_of
from civaffairs.rules.lint import complaints
from civaffairs.rules.matrix import Pair
from civaffairs.rules.plan import Plan
from civaffairs.rules.planning import Unavailable, make_plan, public
from civaffairs.rules.rule import AnyRule, Operation
from civaffairs.rules.values import Conventions

__all__ = ["Rulebook", "Scheme", "Unavailable"]


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
    pairs
        Which benefits may be held together: a row for any two schemes that pay.
    changes
        What a reform changed and why, in words.
    """

    rules: tuple[AnyRule, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]
    schemes: Mapping[str, Scheme] = attrs.field(factory=dict)
    overall: tuple[AnyRule, ...] = ()
    pairs: tuple[Pair, ...] = ()
    changes: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, tuple[AnyRule, ...]]:
        """Versions of each rule, the latest first."""
        found: dict[str, list[AnyRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.name, []).append(rule)
        return {
            name: tuple(sorted(versions, key=lambda rule: rule.since, reverse=True)) for name, versions in found.items()
        }

    @cached_property
    def values(self) -> Mapping[str, Parameter]:
        """The values by the names under which rules ask for them: ``name``, or ``name@column`` for another place.

        A value has its place column, such as where the household applies; a rule whose argument is
        ``urban_standard@emergency_place`` is given the same value of the place in that column.
        """
        asked = {need for rule in self.rules for need in rule.needs if "@" in need}
        elsewhere = {
            need: attrs.evolve(self.parameters[name], name=need, by=column)
            for need in sorted(asked)
            for name, _, column in [need.partition("@")]
            if name in self.parameters and column in self.columns
        }
        return {**self.parameters, **elsewhere}

    def in_force(self, name: str, on: date, known: date | None = None) -> AnyRule | None:
        """Return the version of a rule in force on a day, of those whose documents were public by ``known``."""
        for rule in self.by_name[name]:
            if rule.since <= on and (rule.until is None or on <= rule.until) and public(rule, known):
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
        return make_plan(self, on, known, wanted, extra, conventions or Conventions())

    def with_parameter(self, parameter: Parameter, value: Value, *, place: str, since: date, why: str) -> Rulebook:
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
        if not is_a(parameter, Parameter) or not is_a(place, str):
            name = getattr(parameter, "name", parameter)
            call = f"with_parameter(rulebook.parameters[{name!r}], …, place='450100')"
            msg = f"name the value itself, and its place as text: {call}"
            raise UsageError(msg)
        changed = self.parameters[parameter.name].with_value(value, place=place, since=since, why=why)
        note = f"{parameter.name} = {value} in {place} from {since}: {why}"
        return attrs.evolve(
            self, parameters={**self.parameters, parameter.name: changed}, changes=(*self.changes, note)
        )

    def with_rule(self, rule: AnyRule, *, why: str) -> Rulebook:
        """Return a copy with one more rule or version of a rule; one that begins on the same day is replaced."""
        others = tuple(old for old in self.rules if (old.name, old.since) != (rule.name, rule.since))
        return attrs.evolve(
            self, rules=(*others, rule), changes=(*self.changes, f"rule {rule.name} from {rule.since}: {why}")
        )

    def with_scheme(
        self, scheme: Scheme, *, rules: Sequence[AnyRule] = (), pairs: Sequence[Pair] = (), why: str
    ) -> Rulebook:
        """Return a copy with one more benefit.

        Parameters
        ----------
        scheme
            The benefit.
        rules
            Its rules.
        pairs
            How it goes together with every other benefit that pays; a plan refuses a missing row.
        why
            What it is for.
        """
        return attrs.evolve(
            self,
            rules=(*self.rules, *rules),
            schemes={**self.schemes, scheme.name: scheme},
            pairs=(*self.pairs, *pairs),
            changes=(*self.changes, f"scheme {scheme.name}: {why}"),
        )

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
        faults = [
            f"{complaint}"
            for rule in self.rules
            if rule.operation is Operation.ROWWISE
            for complaint in complaints(rule.function)
        ]
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
        counts = f"{len(self.schemes)} schemes, {len(self.by_name)} rules, {len(self.parameters)} values"
        return f"<Rulebook of {counts}{changed}>"
