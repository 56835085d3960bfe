"""Pure arithmetic on sequences of numbers: no clock, no file, no model, no random state."""
