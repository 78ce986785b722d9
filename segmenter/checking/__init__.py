"""What `check` says: what stands between a spec and one CRM, before anything is planned."""
