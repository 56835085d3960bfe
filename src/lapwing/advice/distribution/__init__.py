"""How pytest-xdist hands tests to workers, rule by rule, in our own words; one rule per file."""
