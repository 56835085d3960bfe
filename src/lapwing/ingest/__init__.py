"""Reports of other tools become tests read: one reader per format, chosen by content."""
