"""The meeting page: a spec on a shared screen, served on this machine alone."""
