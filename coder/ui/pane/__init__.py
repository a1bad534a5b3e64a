"""The review workbench: one component for the transcript and card, one that carries decisions."""

from coder.ui.pane.pane import link, workbench

__all__ = ["link", "workbench"]
