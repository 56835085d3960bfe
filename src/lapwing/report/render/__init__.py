"""Renderers: a page as text of one format. They return text; someone else writes it."""
