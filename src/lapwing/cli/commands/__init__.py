"""One verb per file, each with `declare(parser)` and `run(arguments)`."""
