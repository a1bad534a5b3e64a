"""The one tokenizer, and folding that never changes a text's length."""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import jieba
import opencc

jieba.setLogLevel(logging.WARNING)

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_WIDE = (0xFF01, 0xFF5F)
# Chinese stops keep their own shape: a full stop is not a decimal point
_PUNCTUATION = {"，": ",", "！": "!", "？": "?", "；": ";", "：": ":", "（": "(", "）": ")", "\u3000": " "}


@lru_cache(maxsize=1)
def _table() -> dict[int, int]:
    """Code point → code point: full width → half width, Traditional → Simplified."""
    characters = [chr(c) for start, end in _HAN for c in range(start, end)]
    # one conversion with separators: 30,000 calls would take a second
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {
        ord(old): ord(new)
        for old, new in zip(characters, simplified, strict=True)
        if old != new and len(new) == 1
    }
    for code in range(*_WIDE):
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1:
            table[code] = ord(folded)
    table.update({ord(old): ord(new) for old, new in _PUNCTUATION.items()})
    return table


def fold(text: str) -> str:
    """``text`` for matching: Simplified, half width, lower case; same length, same offsets."""
    folded = text.translate(_table())
    lowered = folded.lower()
    # lower() lengthens a few characters (İ): then case is left alone
    return lowered if len(lowered) == len(folded) else folded


class Tokenizer:
    """jieba's dictionary with the lexicon's words; safe to share between threads."""

    def __init__(self, words: Iterable[str] = (), cache: Path | None = None) -> None:
        self._words = tuple(sorted(set(words)))
        self._jieba = jieba.Tokenizer()
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)
            self._jieba.tmp_dir = str(cache)
        self._lock = threading.Lock()
        self._ready = False

    @property
    def version(self) -> str:
        """The tokenizer's name, part of every model's version."""
        return f"jieba-{version('jieba')}"

    def prepare(self) -> None:
        """Load the dictionary; done by the first cut if not before."""
        with self._lock:
            if not self._ready:
                self._jieba.initialize()
                for word in self._words:
                    self._jieba.add_word(word)
                self._ready = True

    def cut(self, folded: str) -> list[str]:
        """The words of folded text, in order; joined they give the text again."""
        if not self._ready:
            self.prepare()
        return list(self._jieba.cut(folded))

    def spans(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Each word with its start and end in ``folded``."""
        start = 0
        for word in self.cut(folded):
            yield word, start, start + len(word)
            start += len(word)
