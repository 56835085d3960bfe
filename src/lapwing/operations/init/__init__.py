"""Setting a project up: pure functions from the text of its files to what would be written."""
