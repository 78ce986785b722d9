"""What Odoo does by itself because of a plan's changes, said before anything is written.

`notice` looks at each change while it is made; `ahead` then asks the server, once; `sentences` words what came of it,
in `on_people`, `on_pipeline` and `on_others`.
"""
