"""Modules that several targets of make, and the tests, share."""
