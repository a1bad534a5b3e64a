"""Frequencies, reliability, groups, profiles: pure functions."""
