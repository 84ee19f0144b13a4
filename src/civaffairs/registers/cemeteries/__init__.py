"""Cemeteries (公墓): sections, plots and niches, their leases, who may have one, and where none may be."""
