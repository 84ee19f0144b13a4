"""A book of prepaid contracts beside the register of eldercare homes: whose they are, and who takes money closed."""

from __future__ import annotations

import numpy as np

from civaffairs.registers.eldercare.homes import EldercareHome
from civaffairs.registers.fields import Array, stated
from civaffairs.registers.institutions.base import InstitutionState
from civaffairs.registers.prepaid.homes import home_totals
from civaffairs.registers.prepaid.supervision import PrepaidFindings
from civaffairs.registers.view import View


def beside_register(findings: PrepaidFindings, homes: View[EldercareHome]) -> dict[str, Array]:
    """Set what each home took in advance beside what the register says of the home.

    Parameters
    ----------
    findings
        The findings of the book; a contract names its home by the home's number in the register or by its unified
        social credit code.
    homes
        The register, as of a day.

    Returns
    -------
    dict
        One row a home of the book: the table of `home_totals`, and

        - ``registered``: whether the register has it,
        - ``state``: ``InstitutionState.number`` there, -1 where it is not registered,
        - ``beds``: its beds, -1 where not stated,
        - ``after_stopping``: contracts signed on or after the day on which it stopped,
        - ``other_kind``: contracts that state another kind of home than the register.
    """
    table = dict(home_totals(findings))
    by_name = {key: row for row, key in enumerate(homes)}
    columns = homes.columns("credit_code", "state", "beds", "kind", "stopped_on")
    by_name |= {code: row for row, code in enumerate(columns["credit_code"].tolist()) if code}
    at = np.array([by_name.get(str(home), -1) for home in table["home"]], np.int64)
    known = at >= 0
    table["registered"] = known
    table["state"] = _taken(columns["state"], at)
    table["beds"] = _taken(columns["beds"], at)
    row = np.searchsorted(table["home"], findings.book["home"])
    stopped = _taken(columns["stopped_on"], at)[row]
    closed = table["state"][row] > InstitutionState.OPEN.number
    late = closed & (findings.book["signed_on"] >= stopped)
    kinds, told = findings.book["home_kind"], _taken(columns["kind"], at)[row]
    other = stated(kinds) & stated(told) & (kinds != told)
    table["after_stopping"] = np.bincount(row[late], minlength=len(at))
    table["other_kind"] = np.bincount(row[other], minlength=len(at))
    return table


def _taken(values: Array, at: Array) -> Array:
    """Take by position, nothing where there is none."""
    nothing = np.datetime64("NaT") if values.dtype.kind == "M" else -1
    padded = np.append(values, np.array([nothing], values.dtype))
    return np.asarray(padded[at])
