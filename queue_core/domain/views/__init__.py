"""What each audience may see of a zone: pure functions of its snapshot, and how such a state changes.

A view's state is made of plain values and of lists of records that carry an `id`; docs/stream.md names every field.
"""
