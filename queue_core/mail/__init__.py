"""Letters about appointments, by mail to whoever wants them, and the calendar file that goes with them."""
