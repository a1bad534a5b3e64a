"""How much a decoded text looks like Chinese, to tell right decodings from wrong ones."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# the commonest characters of spoken Chinese, Simplified and Traditional
_COMMON = frozenset(
    "的一是了我不在有这个人他们来上大就说到要去你会着也得那都还没看过想好多把对时么什能做给里后事以可"
    "吗呢吧啊嗯哦呀嘛哈您她自己天很出下中年为子小生和地道起面前样又因但只最所之被从当现家问答访谈者受"
    "员主持题工作公司话点两三四五六七八九十百千万第次月号分半今明再让跟等开经理客户同学老师长请谢够"
    "真觉知应该情况怎么办件具体找先帮钱电听心手机回打定别种行业名方法如果然后比较每班线组成本新进"
    "這個們來說會過還沒對時麼給裡後為從當現問訪談題動話點兩萬號讓開經戶學師長請謝覺應該樣業專案質訊"
    "課貨廠單據實際發處辦務總機線組進車電聽幫錢週禮連見讀寫將與於並無"
)
_MARKS = frozenset("，。？！：；、“”‘’（）《》〈〉【】「」『』…—～·〇　")
_PRIVATE = (0xE000, 0xF8FF)


def plausibility(text: str) -> float:
    """The mean score of the characters outside ASCII: 0.5 to 1 for Chinese text, below 0 for noise.

    Control characters and NULs make it very low; a text of ASCII alone scores 0.5.
    """
    scores = [_score(c) for c in text if c >= "\x80" or (c < " " and c not in "\t\n\r\f\v")]
    return sum(scores) / len(scores) if scores else 0.5


@lru_cache(maxsize=70_000)
def _score(character: str) -> float:
    if character in _COMMON or character in _MARKS:
        return 1.0
    if "\u4e00" <= character <= "\u9fff":
        return 0.2 if _is_frequent(character) else -0.6
    if _PRIVATE[0] <= ord(character) <= _PRIVATE[1]:
        return -3.0
    # letters of other scripts and rare signs: what wrong decodings are full of
    return -3.0 if unicodedata.category(character) in {"Cc", "Cn", "Cs"} else -0.5


def _is_frequent(character: str) -> bool:
    """Whether it stands in the first level (by use) of GB 2312 or of Big5."""
    return _first_byte(character, "gb2312") in range(0xB0, 0xD8) or _first_byte(character, "big5") in range(
        0xA4, 0xC7
    )


def _first_byte(character: str, encoding: str) -> int:
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0
