"""Segmentation of an Odoo CRM as code: spec -> plan -> apply -> ledger."""

__version__ = "0.1.0"
