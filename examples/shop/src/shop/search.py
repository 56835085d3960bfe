"""Finding products by words, the best first.

A word counts more in a title than in a description, in a short text than in a long one, and more if
few products have it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from heapq import nsmallest
from math import log
from typing import NamedTuple

from shop.catalog import Product

TITLE_WEIGHT = 3.0
TEXT_WEIGHT = 1.0
STOP_WORDS = frozenset(["a", "and", "by", "every", "for", "goes", "made", "of", "the", "well", "with"])


class Hit(NamedTuple):
    """A product found, with how well it fits."""

    sku: str
    score: float


def words_of(text: str) -> tuple[str, ...]:
    """The words that count, in lower case."""
    return tuple(word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP_WORDS)


class SearchIndex:
    """Which word stands in which product."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._postings: dict[str, dict[str, float]] = {}
        for product in products:
            self.add(product)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, product: Product) -> None:
        """Make one more product findable; a known one is replaced."""
        self.remove(product.sku)
        title, text = words_of(product.title), words_of(product.description)
        self._words[product.sku] = frozenset(title + text)
        share = 1.0 / (1.0 + 0.05 * len(title + text))
        for words, weight in ((title, TITLE_WEIGHT), (text, TEXT_WEIGHT)):
            for word in words:
                found_in = self._postings.setdefault(word, {})
                found_in[product.sku] = found_in.get(product.sku, 0.0) + weight * share

    def remove(self, sku: str) -> None:
        """Forget a product, if it is known."""
        for word in self._words.pop(sku, ()):
            del self._postings[word][sku]

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """The products with any of the words, best first, equals by SKU."""
        scores: dict[str, float] = defaultdict(float)
        for word in words_of(query):
            rarity = self._rarity(word)
            for sku, weight in self._postings.get(word, {}).items():
                scores[sku] += rarity * weight
        best = nsmallest(limit, scores.items(), key=lambda item: (-item[1], item[0]))
        return [Hit(sku, score) for sku, score in best]

    def complete(self, beginning: str, *, limit: int = 5) -> list[str]:
        """Words to offer while somebody types, the most frequent first."""
        known = (word for word, found_in in self._postings.items() if found_in)
        fitting = (word for word in known if word.startswith(beginning.lower()))
        return nsmallest(limit, fitting, key=lambda word: (self._rarity(word), word))

    def _rarity(self, word: str) -> float:
        found = len(self._postings.get(word, ()))
        return log((1 + len(self._words)) / (1 + found))
