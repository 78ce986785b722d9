"""Tests that talk to real Odoo servers, and what starts those servers."""
