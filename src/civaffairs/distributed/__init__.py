"""The same assessment over many files of whole households: in one process, on Dask, or wherever Arrow tables go."""

from __future__ import annotations

from civaffairs.distributed.folder import Each, assess_folder
from civaffairs.distributed.keys import key_hashes
from civaffairs.distributed.on_dask import assess_on_dask
from civaffairs.distributed.partitions import whole_households, write_partitions
from civaffairs.distributed.parts import Part, Terms, assess_partition, result_schema

__all__ = [
    "Each",
    "Part",
    "Terms",
    "assess_folder",
    "assess_on_dask",
    "assess_partition",
    "key_hashes",
    "result_schema",
    "whole_households",
    "write_partitions",
]
