"""Prepaid fees of eldercare homes (养老机构预收费): a book of contracts, what it is held to, and refunds to the fen."""
