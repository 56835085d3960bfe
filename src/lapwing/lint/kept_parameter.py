"""What an `__init__` keeps of a parameter: the parameter itself, or a number made of it, as in
`self.delay = delay_ms / 1e3`. Pure.
"""

import ast


def kept_parameter(value: ast.expr) -> str | None:
    """The name that `value` is, or that it counts a plain number with; None for anything else."""
    if isinstance(value, ast.Name):
        return value.id
    if isinstance(value, ast.BinOp):
        sides = (value.left, value.right)
        names = [each.id for each in sides if isinstance(each, ast.Name)]
        if len(names) == 1 and any(isinstance(each, ast.Constant) for each in sides):
            return names[0]
    return None


def with_value(value: ast.expr, given: ast.expr) -> ast.expr:
    """`value`, of which `kept_parameter` gave the name, with `given` in the place of that name."""
    if not isinstance(value, ast.BinOp):
        return given
    left, right = (given if isinstance(each, ast.Name) else each for each in (value.left, value.right))
    return ast.copy_location(ast.BinOp(left, value.op, right), value)
