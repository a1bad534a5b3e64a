"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# Wall-clock deadlines fail on a busy machine, and a test must say the same thing twice.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")
