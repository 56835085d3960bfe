"""What leaves the machine, and only when asked to: comments and checks beside a change."""
