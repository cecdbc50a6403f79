"""What the house says aloud: texts become sound here, by an engine that can be exchanged, and are kept once made."""
