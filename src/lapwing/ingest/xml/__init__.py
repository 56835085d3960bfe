"""XML as reports have it: broken, hostile, huge, several documents in one file. On expat."""
