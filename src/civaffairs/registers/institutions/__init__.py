"""Institutions (机构): homes, sites, stations and their staff, what they are held to and what they owe."""
