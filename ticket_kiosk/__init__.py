"""Everything that makes a ticket: so far the page of a kiosk, with the ticket on its screen."""

#: Whose words and templates these are.
PACKAGE = "ticket_kiosk"

#: What an agent's requests carry: the page that it hands on is told that there is one beside the browser.
AGENT_HEADER = "Wartezone-Agent"
