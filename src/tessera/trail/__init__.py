"""The audit trail: what editors and administrators did, and when."""
