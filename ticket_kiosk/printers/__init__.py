"""Printers of tickets, behind one port: who prints hears from the printer itself whether there is paper in a hand."""
