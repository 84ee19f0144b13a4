"""Who: persons and households as records, and the same facts as columns."""
