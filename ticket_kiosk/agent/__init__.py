"""The kiosk's agent: the small process beside a kiosk's browser and printer.

The browser has its page from here, so that it goes on while the server is away; whoever prints here keeps a journal, so
that no paper comes twice.
"""
