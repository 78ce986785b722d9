"""Who belongs where, what must change, is it safe: pure functions over a portfolio. Nobody is asked for anything."""
