"""Resident identity numbers and unified social credit codes: check, read and mask, one at a time or a million."""

from __future__ import annotations

from civaffairs.identity.characters import NO_CODE, Fault, IdentityError, Texts, mask, mask_numbers
from civaffairs.identity.credit_code import OrganisationKind, UnifiedCode, UnifiedCodes, check_unified_codes
from civaffairs.identity.resident import NO_BIRTH, ResidentNumber, ResidentNumbers, Sex, check_resident_numbers

__all__ = [
    "NO_BIRTH",
    "NO_CODE",
    "Fault",
    "IdentityError",
    "OrganisationKind",
    "ResidentNumber",
    "ResidentNumbers",
    "Sex",
    "Texts",
    "UnifiedCode",
    "UnifiedCodes",
    "check_resident_numbers",
    "check_unified_codes",
    "mask",
    "mask_numbers",
]
