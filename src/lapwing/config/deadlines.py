"""When a test of a category is stopped."""

from lapwing.config.categories import Category


def deadline_ns(category: Category, timeout_factor: float) -> int:
    """Nanoseconds from the start of a test to its deadline; 0 for none."""
    if category.timeout_ns is not None:
        return category.timeout_ns
    return round(category.limit_ns * timeout_factor)


def deadline_origin(category: Category, timeout_factor: float) -> str:
    """Where that was set, in words."""
    if category.timeout_ns is not None:
        return category.timeout_origin
    factor = "" if timeout_factor == 1.0 else f" × {timeout_factor:g}"
    return f"budget{factor}, {category.limit_origin}"
