"""What to do about time: splitting a suite into shards. Pure."""
