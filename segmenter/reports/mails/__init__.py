"""The mails of an engagement, one for each moment, in the client's language alone."""
