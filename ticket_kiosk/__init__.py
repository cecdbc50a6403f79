"""Everything that makes a ticket: so far the page of a kiosk, with the ticket on its screen."""

#: Whose words and templates these are.
PACKAGE = "ticket_kiosk"
