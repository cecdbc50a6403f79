"""Where applications stand: what case systems, citizens and staff ask of it. See docs/cases.md."""
