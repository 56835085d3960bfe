"""Value -> neutral page (`pages`) -> text (`render`). Pages know no format, renderers no topic."""
