"""Everything that people outside the house see: waits of all zones, one's own ticket, and the open feed."""
