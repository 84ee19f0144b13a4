"""Values that the registers of children, rehabilitation and assistance stations compare with, and their papers."""

from __future__ import annotations

from pathlib import Path

from civaffairs.law.parameters import load_parameters

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
