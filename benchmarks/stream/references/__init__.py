"""Servers to compare with: as little around the way of sending as that way allows."""
