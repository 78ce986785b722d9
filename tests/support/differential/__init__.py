"""The same conditions asked of every CRM at once: what is stored, what is asked, who answers, what was once wrong.

- `population`: the records, value by value as they lie in the database.
- `loading`: the population into the embedded CRM, and into a real Odoo.
- `paths`, `generator`, `generator_raw`: conditions at random over the population.
- `askers`: who answers: the servers, the local evaluator, and the language itself.
- `checking`: whether the answers are one.
- `cases`: every difference that was ever found, kept.
"""
