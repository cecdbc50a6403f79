"""Where an application stands: for whoever has the number of the case and the PIN of its letter."""
