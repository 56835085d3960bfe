"""Parts of `lapwing doctor`, each a function to findings. None raises for what it finds."""
