"""The law of undo: what any spec does is announced, and an undo gives every stored field back or the plan said not.

- `portfolio`: a CRM and every stored field of it. `population`: its leads and contacts, as people left them.
- `judging`: what is not as it was, and which sentence of the plan must speak of it.
- `specs`: specs at random. `cases`: specs that are kept, so that each action is among them.
- `holding`: one spec through plan, apply and undo. `tally`: what was tried, told at the end of the run.
"""
