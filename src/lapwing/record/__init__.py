"""A run as it happens: the recorder of each process, and the gathering at the end."""
