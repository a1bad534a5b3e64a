"""Coding behavioural event interviews in Chinese.

file ─► read ─► segment ─┬─► match ────┐
                         └─► classify ─┼─► combine ─► Suggestion ─► store
lexicon/ ─► load ────────┴─────────────┘                               │
        export ◄── analyse ◄── Coding ◄── review (replay) ◄── Decision (append-only)
                                                └─► corpus ─► classify (retrain)
"""

__version__ = "0.1.0"
