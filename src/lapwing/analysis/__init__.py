"""What the numbers say: model values and statistics in, model values out. Pure."""
