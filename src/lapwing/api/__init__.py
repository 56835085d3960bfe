"""What people call from their own code."""
