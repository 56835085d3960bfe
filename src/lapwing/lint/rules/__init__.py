"""The rules, one file each: `CODE`, `NAME`, `check`; the module's docstring is the rule's page."""
