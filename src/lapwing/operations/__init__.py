"""One question each: settings and store in, a model value out. No printing, no argv."""
