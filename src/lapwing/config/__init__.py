"""One table of options, read from files, environment and flags into one frozen Settings."""
