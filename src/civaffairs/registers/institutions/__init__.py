"""Institutions (机构): what all share, inspections, stations, rehabilitation, funeral homes, and targets reached."""
