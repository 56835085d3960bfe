"""The parts of a paired comparison: two trees on one machine, measured in turn in their own processes."""
