"""A small web shop on SQLite and WSGI, in the standard library alone."""
