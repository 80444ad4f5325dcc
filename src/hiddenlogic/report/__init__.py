"""What was found, as text for people and lines for programs."""
