"""The command line: parse, call an operation, print, return a code."""
