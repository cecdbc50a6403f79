"""Background jobs, by rq: what may happen a little later, and more than once.

Issuing, calling and rollover never depend on them. Every job is idempotent: rq runs it at least once.
"""
