"""Phones that are told when it is their turn: by their browser's push service, which cannot read along."""
