"""The values that every room of Lapwing begins and ends in. No IO, no clock, no foreign import.

Values are `typing.NamedTuple`s, made with keywords: they are frozen and slotted like a
dataclass, and the test process can afford them. Measured on Python 3.11: a frozen, slotted
dataclass of 12 fields costs 7.7 million instructions at import, a NamedTuple under one.
"""
