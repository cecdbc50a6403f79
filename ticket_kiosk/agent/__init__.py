"""The small process beside a kiosk: it prints, keeps a journal, and goes on while the server is away."""
