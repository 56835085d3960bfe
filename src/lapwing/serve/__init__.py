"""The dashboard: a server over a store, with pages, a live view and an API that takes runs in."""
