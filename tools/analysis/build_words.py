"""Build the lists of words, those by which compounds are taken apart among them, and of stop words,
from the frequencies of wordfreq.

    python tools/analysis/build_words.py

Development only; needs requirements.txt beside this file. Writes a file for each language into
src/tessera/engine/analysis/wordlists/: a line for each frequency (Zipf's scale times ten: 40 is
once in 100,000 words), the commonest first, with its words after it. stopwords.txt has a line for
each language: its code and its commonest words.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import wordfreq

TARGET = Path(__file__).parents[2] / "src/tessera/engine/analysis/wordlists"
COMPOUNDING = ("da", "de", "fi", "hu", "nl", "sv")
MOST = 40_000
OTHERS = (
    "bg", "ca", "cs", "el", "en", "es", "fr", "it", "lt", "lv", "mk", "nb", "pl", "pt", "ro", "ru",
    "sh", "sk", "sl", "tr", "uk",
)  # fmt: skip
MOST_OF_OTHERS, SHORTEST_OF_OTHERS, RAREST_OF_OTHERS = 15_000, 5, 3.4
"""Of the others, words are listed that are hardly ever misspelt ones: these are rarer, and most
shorter words are near others."""
STOP_WORDS = 75
"""Of the commonest words of a language so many are hardly ever what is asked for."""
SHORTEST, LONGEST = 3, 14
COMMON_SHORT = 4.3
"""How frequent a word of the least length must be: most are abbreviations and names."""
FOREIGN = 1.0
"""A word that is so much commoner in English, and rare, is an English word in the texts."""
RARE = 4.5


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for lang in COMPOUNDING:
        write(lang, chosen(lang)[:MOST])
    for lang in OTHERS:
        plain = [
            (word, frequency)
            for word, frequency in chosen(lang)
            if len(word) >= SHORTEST_OF_OTHERS and frequency >= RAREST_OF_OTHERS
        ]
        write(lang, plain[:MOST_OF_OTHERS])
    stops = []
    for lang in sorted(wordfreq.available_languages("best")):
        words = [word for word in wordfreq.top_n_list(lang, 2 * STOP_WORDS) if word.isalpha()]
        stops.append(f"{lang} {' '.join(words[:STOP_WORDS])}\n")
    (TARGET / "stopwords.txt").write_text("".join(stops), encoding="utf-8")


def chosen(lang: str) -> list[tuple[str, float]]:
    found = []
    for word in wordfreq.top_n_list(lang, 100_000):
        frequency = wordfreq.zipf_frequency(word, lang)
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
            continue
        if len(word) == SHORTEST and frequency < COMMON_SHORT:
            continue
        english = wordfreq.zipf_frequency(word, "en", wordlist="small")
        if frequency < RARE and english - frequency > FOREIGN:
            continue
        found.append((word, frequency))
    return found


def write(lang: str, words: list[tuple[str, float]]) -> None:
    lines: dict[int, list[str]] = defaultdict(list)
    for word, frequency in words:
        lines[round(10 * frequency)].append(word)
    text = "".join(f"{key} {' '.join(sorted(lines[key]))}\n" for key in sorted(lines)[::-1])
    (TARGET / f"{lang}.txt").write_text(text, encoding="utf-8")
    print(lang, len(words), "words,", len(text.encode()), "bytes")


if __name__ == "__main__":
    main()
