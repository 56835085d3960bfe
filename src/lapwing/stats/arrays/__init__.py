"""Twins with numpy of what is slow in pure Python for many series. The extra `analysis` has it.

A twin has the name and the functions of the module of `stats` that it stands for, and the same
answers to 1e-9.
"""
