"""Speed on a real Odoo, as ratios in one run: ``python -m benchmarks``. See benchmarks/README.md."""
