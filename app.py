"""The screen's entrance."""
