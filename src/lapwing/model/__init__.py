"""The values that every room of Lapwing begins and ends in. No IO, no clock, no foreign import.

Values derive from `value.Value`: frozen named tuples made with keywords, cheap enough to be
imported in every test process.
"""
