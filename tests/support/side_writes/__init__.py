"""What Odoo writes besides: for every field that the work user may write, what moves with it when a plan writes it.

- `families`: companies, people and leads of every kind, twice: one family is written, the other is looked at.
- `values`: another valid value for a field, and none.
- `trying`: one field through plan, apply and undo; what moved besides, and what was said of it.
- ``observed_14.json`` and those of 18 and 19: field -> what was seen to move, or why the field is refused. A field or
  a move that is not in there fails the test, so that somebody looks; so does all of a version without such a file.
"""
