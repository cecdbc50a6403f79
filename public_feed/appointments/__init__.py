"""Appointments from home, without an account: find a time, hold it, confirm it, and a page of one's own."""
