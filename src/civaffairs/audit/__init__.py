"""What an office paid beside what is owed: every payment and every entitlement gets a verdict and a reason."""

from __future__ import annotations

from civaffairs.audit.compare import audit
from civaffairs.audit.findings import Audit, Finding, Verdict

__all__ = ["Audit", "Finding", "Verdict", "audit"]
