"""Migrations of the tables, run by ``store.migrating`` at every start."""
