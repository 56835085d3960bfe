"""FACE. pytest plugin. PYTEST_DONT_REWRITE"""
