"""One module per command; each parses, calls, prints."""
