"""The review workbench: one component for the transcript and card, one that carries decisions."""

from coder.ui.pane.pane import workbench

__all__ = ["workbench"]
