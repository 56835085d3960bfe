"""A closer look at one test: profilers behind one protocol, and what was hot in what they saw."""
