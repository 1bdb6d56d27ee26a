"""Sales by product."""

from heapq import nsmallest

from .bucket import Bucket
from .domain import TOP, TopProduct


class Sales:
    """Units and revenue by SKU, summed over all buckets of the window.

    Updated with every sale, because summing all buckets for every summary would cost far more.
    """

    def __init__(self) -> None:
        self._units: dict[str, int] = {}
        self._earned: dict[str, int] = {}

    def count(self, sku: str, units: int, revenue: int) -> None:
        """Add the sale of a product."""
        self._units[sku] = self._units.get(sku, 0) + units
        self._earned[sku] = self._earned.get(sku, 0) + revenue

    def add(self, bucket: Bucket) -> None:
        """Add the sales of a bucket."""
        for sku, units, revenue in bucket.sold():
            self.count(sku, units, revenue)

    def subtract(self, bucket: Bucket) -> None:
        """Subtract the sales of a bucket."""
        for sku, units, revenue in bucket.sold():
            self.count(sku, -units, -revenue)
            if not self._units[sku]:
                del self._units[sku], self._earned[sku]

    def top(self) -> list[TopProduct]:
        """Return the products with the most units sold; ties are ordered by SKU."""
        best = nsmallest(TOP, self._units.items(), key=lambda item: (-item[1], item[0]))
        return [TopProduct(sku, units, self._earned[sku]) for sku, units in best]
