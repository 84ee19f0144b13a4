"""Services for the old (养老服务): homes, community sites, rooms in new estates, and how far they reach."""
