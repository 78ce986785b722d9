"""A plan without an API: files that people import in Odoo, and what another export says came of it."""
