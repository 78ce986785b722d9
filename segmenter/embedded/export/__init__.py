"""A CRM made of Odoo's own list export: read within bounds, decided by whole columns, or refused with the cell."""
