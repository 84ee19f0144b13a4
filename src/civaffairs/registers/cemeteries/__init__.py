"""Cemeteries (公墓): sections, plots and niches, their leases, and how long the plots will last."""
