"""What the agent keeps on disk is its own: no other user of the kiosk's machine reads it."""

OWNER_ONLY = 0o600
FOLDER = 0o700
