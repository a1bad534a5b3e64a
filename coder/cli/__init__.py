"""The command line: commands named like services, no logic in it."""

from coder.cli.main import main

__all__ = ["main"]
