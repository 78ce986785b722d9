"""A plan or a run as something to read: on a terminal (rich), as JSON, as CSV. Knows no server."""
