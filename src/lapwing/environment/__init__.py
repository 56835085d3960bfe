"""Where a run happens: git, CI, the machine and its limits."""
