"""What reading raises when a record that came from elsewhere is not what it should be."""

#: A value of the wrong type or out of its range, something that is missing, lists in lists without an end.
STRANGE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
