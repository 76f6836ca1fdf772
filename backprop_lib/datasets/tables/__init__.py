"""Read a table of one's own, as spreadsheets and other programs write them.

From the outside in: bytes become a text (``encodings``), the text rows (``rows``), the first row
names (``heads``), each cell what it may mean (``cells``), a column kinds or numbers (``columns``,
``amounts``), and ``table`` does that for all of them. What cannot be read for certain is told, with
its row and column (``refusals``).
"""

from backprop_lib.datasets.tables.reading import read_table

__all__ = ["read_table"]
