"""Values and papers that the registers of children, of rehabilitation and of assistance stations share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

from civaffairs.law.citation import Document, documents, read_documents
from civaffairs.law.lookup import Parameter
from civaffairs.law.parameters import load_parameters

_HERE = files("civaffairs.registers.institutions")


@cache
def own_documents() -> Mapping[str, Document]:
    """Give the papers by key, beside those of the whole library."""
    with as_file(_HERE.joinpath("more_documents.toml")) as path:
        return {**read_documents(path), **documents()}


@cache
def own_values() -> Mapping[str, Parameter]:
    """Give the dated and placed values by name."""
    with as_file(_HERE.joinpath("institutions_more.toml")) as path:
        return load_parameters(path, bibliography=own_documents())
