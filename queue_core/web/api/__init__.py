"""The HTTP API, version 1: one declared operation each, see docs/api.md."""
