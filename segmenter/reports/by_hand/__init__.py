"""A plan that people import themselves: the workbooks and the page of steps."""
