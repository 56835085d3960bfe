"""Advisors, one per file: each looks at the facts for one kind of waste and proposes a change."""
