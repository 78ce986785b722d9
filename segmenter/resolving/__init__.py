"""A spec against one CRM: names become ids, conditions domains, and what is missing becomes known."""
