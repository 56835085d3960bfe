"""What test authors measure with: load and stress."""
