"""Unified social credit codes: check and read, one at a time or a million."""

from __future__ import annotations

from enum import Enum

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.identity.characters import (
    BLOCK,
    END,
    FAULTS,
    NO_CODE,
    Fault,
    Texts,
    character_values,
    decimal,
    hint,
    refuse,
    text_column,
    value_table,
    weighted,
)


class OrganisationKind(Enum):
    """What sort of organisation the first two characters of a unified social credit code state."""

    label_zh: str

    GOVERNMENT_ORGAN = (11, "机关")
    PUBLIC_INSTITUTION = (12, "事业单位")
    MASS_ORGANISATION = (13, "中央编办管理的群众团体")
    SOCIAL_ASSOCIATION = (51, "社会团体")
    SOCIAL_SERVICE_ORGANISATION = (52, "民办非企业单位")
    FOUNDATION = (53, "基金会")
    OTHER_CIVIL_AFFAIRS = (59, "民政其他")
    ENTERPRISE = (91, "企业")
    OTHER = (0, "其他")

    def __new__(cls, value: int, label_zh: str) -> OrganisationKind:
        """Keep the Chinese label beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member


@attrs.frozen
class UnifiedCode:
    """A unified social credit code (统一社会信用代码, GB 32100-2015) that has been checked; make it with `parse`.

    The code is for life: it keeps the division of registration whatever becomes of that division.

    Attributes
    ----------
    code
        The 18 characters.
    """

    code: str = attrs.field()

    @code.validator
    def _issued(self, _: object, text: str) -> None:
        what = "unified social credit code"
        fault = FAULTS[int(check_unified_codes([text]).fault[0])]
        if fault is not Fault.NONE:
            refuse(what, text, fault, hint(text, "18 digits or capitals without I, O, S, V, Z"))
        if len(text) != 18 or text != text.upper():
            refuse(what, text, Fault.SHAPE, "write 18 characters with capitals, or use parse()")

    @classmethod
    def parse(cls, text: str) -> UnifiedCode:
        """Read a code; lower-case letters are read as capitals.

        Raises
        ------
        IdentityError
            If the code cannot have been issued.

        Examples
        --------
        >>> association = UnifiedCode.parse("51450100MJX000018D")
        >>> association.kind.label_zh, association.division_code
        ('社会团体', '450100')
        """
        return cls(text.upper() if text.isascii() else text)

    @property
    def kind(self) -> OrganisationKind:
        """What sort of organisation it is; `OrganisationKind.OTHER` for a prefix that is not listed."""
        prefix = self.code[:2]
        return _KINDS.get(int(prefix), OrganisationKind.OTHER) if prefix.isdigit() else OrganisationKind.OTHER

    @property
    def division_code(self) -> str:
        """Division code of the authority that registered it."""
        return self.code[2:8]

    @property
    def subject_code(self) -> str:
        """The organisation's own nine characters (主体标识码)."""
        return self.code[8:17]

    def __str__(self) -> str:
        return self.code


@attrs.frozen(repr=False, eq=False)
class UnifiedCodes:
    """What a column of unified social credit codes says, row by row.

    Attributes
    ----------
    valid
        Whether the code can have been issued.
    kind
        Value of `OrganisationKind`; `NO_CODE` where not valid.
    division_code
        Division code of the registering authority; `NO_CODE` where not valid.
    fault
        Value of `Fault`.
    """

    valid: NDArray[np.bool_]
    kind: NDArray[np.int8]
    division_code: NDArray[np.int32]
    fault: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.valid)

    def __repr__(self) -> str:
        return f"<{len(self)} unified social credit codes, {np.count_nonzero(~self.valid)} faulty>"


def check_unified_codes(texts: Texts) -> UnifiedCodes:
    """Check a column of unified social credit codes, by the rules of `UnifiedCode.parse`.

    Parameters
    ----------
    texts
        Codes as text, in one dimension.

    Returns
    -------
    UnifiedCodes
        Columns of the same length.

    Raises
    ------
    IdentityError
        If the column is not text.

    Examples
    --------
    >>> check_unified_codes(["52450103MJX000026G", "52450103MJX000026H"]).valid
    array([ True, False])
    """
    column = text_column(texts)
    fault = np.zeros(len(column), np.int8)
    kind = np.empty(len(column), np.int8)
    division = np.empty(len(column), np.int32)
    for start in range(0, len(column), BLOCK):
        rows = slice(start, start + BLOCK)
        fault[rows], kind[rows], division[rows] = _read_unified_codes(column[rows])
    valid = fault == Fault.NONE.value
    kind[~valid], division[~valid] = NO_CODE, NO_CODE
    return UnifiedCodes(valid, kind, division, fault)


_KINDS = {kind.value: kind for kind in OrganisationKind}
_WEIGHTS = tuple(3**place % 31 for place in range(17))
_CODE_VALUES = value_table("0123456789ABCDEFGHJKLMNPQRTUWXY")


def _read_unified_codes(column: NDArray[np.str_]) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int32]]:
    given = character_values(column, _CODE_VALUES)
    shaped = (given[:18] < END).all(axis=0) & (given[18] == END) & (given[2:8] <= 9).all(axis=0)
    given[:, ~shaped] = 0
    checked = (31 - weighted(given[:17], _WEIGHTS) % 31) % 31 == given[17]
    prefix = np.where((given[:2] <= 9).all(axis=0), decimal(given[:2]), 0)
    kind = np.where(np.isin(prefix, list(_KINDS)), prefix, OrganisationKind.OTHER.value).astype(np.int8)
    fault = np.select(
        [~shaped, ~checked, (given[0] == 5) & (kind == OrganisationKind.OTHER.value)],
        [np.int8(f.value) for f in (Fault.SHAPE, Fault.CHECK, Fault.CLASS)],
        np.int8(Fault.NONE.value),
    )
    return fault, kind, decimal(given[2:8])
