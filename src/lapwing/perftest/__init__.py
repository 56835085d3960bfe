"""What test authors measure with: benchmarks, pairs, leaks, queries, pages. No store, no configuration."""
