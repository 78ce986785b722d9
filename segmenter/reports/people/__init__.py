"""A page for each salesperson: their records of each segment, the first ones first."""
