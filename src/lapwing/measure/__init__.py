"""Instruments: clocks, processor time, memory, collector, scheduling, and probes."""
