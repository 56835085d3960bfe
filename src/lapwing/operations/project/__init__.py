"""How a project does over all of its runs: what pages and commands ask of its whole history."""
