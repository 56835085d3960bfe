"""One format per file. Readers never import each other; what they share lies beside this folder."""
