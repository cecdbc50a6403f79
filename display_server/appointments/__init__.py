"""Appointments for staff: a day of a zone, live; book, move, cancel and check in for a visitor; spans without any."""
