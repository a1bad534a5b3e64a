"""The errors that users see, drawn as a tree.

CoderError                    anything a user can mend; one line: where：what；what to do
├── ReadError                 a transcript file that cannot be read
│   ├── EncodingError         no encoding fits
│   ├── FormatError           not the format that its name says, or damaged
│   └── TooLargeError         over the size limit
├── DataError                 a file of lexicon/ or samples/ that breaks its rules
├── ModelError                a trained model that cannot be loaded or does not fit
├── StoreError                the database cannot do what was asked
│   ├── NotFoundError         no such project, interview or item
│   └── ConflictError         a decision made on a state that has changed meanwhile
├── ExportError               an output that cannot be written
└── UsageError                a command or a value that makes no sense

Programmers' mistakes are ValueError and TypeError, not these.
"""

from __future__ import annotations


class CoderError(Exception):
    """A mistake that the user can mend: where it is, what is wrong, what to do."""

    def __init__(self, where: str, what: str, todo: str = "") -> None:
        self.where, self.what, self.todo = where, what, todo
        super().__init__(str(self))

    def __str__(self) -> str:
        line = f"{self.where}：{self.what}" + (f"；{self.todo}" if self.todo else "")
        return " ".join(line.split())

    def __reduce__(self) -> tuple[type[CoderError], tuple[str, str, str]]:
        """How it goes from one process to another."""
        return type(self), (self.where, self.what, self.todo)


class ReadError(CoderError):
    """A transcript file that cannot be read."""


class EncodingError(ReadError):
    """No text encoding fits the bytes."""


class FormatError(ReadError):
    """The bytes are not what the file's name says, or are damaged."""


class TooLargeError(ReadError):
    """The file is over the size limit."""


class DataError(CoderError):
    """A file of lexicon/ or samples/ that breaks its rules."""


class ModelError(CoderError):
    """A trained model that cannot be loaded or does not fit the program."""


class StoreError(CoderError):
    """The database cannot do what was asked."""


class NotFoundError(StoreError):
    """No such project, interview or item."""


class ConflictError(StoreError):
    """A decision made on a state that has changed meanwhile."""


class ExportError(CoderError):
    """An output that cannot be written."""


class UsageError(CoderError):
    """A command or a value that makes no sense."""
