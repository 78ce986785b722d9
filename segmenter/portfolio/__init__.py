"""The records of a scope as sets and columns, read once; planning asks nobody after that."""

from segmenter.portfolio.portfolio import (
    DIVIDED_BY,
    Alike,
    Column,
    Division,
    Grouped,
    Listed,
    Portfolio,
    Worth,
    alike,
    division,
)

__all__ = ["DIVIDED_BY", "Alike", "Column", "Division", "Grouped", "Listed", "Portfolio", "Worth", "alike", "division"]
