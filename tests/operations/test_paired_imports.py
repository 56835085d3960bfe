"""Did each side import its own code?"""

from pathlib import Path

import pytest

from lapwing.operations.paired.imports import imports_fault
from lapwing.operations.paired.side import Side, SideAnswer


@pytest.fixture
def trees(tmp_path):
    """The checkout and a worktree, both with a package `shop` below `src`."""
    for name in ("checkout", "tree"):
        package = tmp_path / name / "src" / "shop"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
    return tmp_path


def fault(trees: Path, a_imports: str, b_imports: str, *, changed: bool = True) -> str:
    a, b = (
        Side(name=name, tree=trees / tree, root=trees / tree, python="python", environ={})
        for name, tree in (("v1", "tree"), ("now", "checkout"))
    )
    answers = [
        SideAnswer(tests={}, errors=(), modules={"shop": str(trees / file)}, prefixes=("/usr",))
        for file in (a_imports, b_imports)
    ]
    return imports_fault(
        a, b, (answers[0], answers[1]), top=trees / "checkout", is_changed=lambda paths: changed
    )


def test_each_side_with_its_own_code_can_be_compared(trees):
    assert fault(trees, "tree/src/shop/__init__.py", "checkout/src/shop/__init__.py") == ""


def test_a_tree_that_imports_the_checkouts_code_is_caught(trees):
    said = fault(trees, "checkout/src/shop/__init__.py", "checkout/src/shop/__init__.py")

    assert said.startswith("v1 imported shop from the checkout (src/shop/__init__.py)")
    assert "--prepare" in said


def test_two_sides_that_test_the_same_installation_are_caught(trees):
    installed = "env/lib/site-packages/shop/__init__.py"

    assert fault(trees, installed, installed).startswith("both sides imported shop from")


def test_the_same_installation_is_right_where_the_package_did_not_change(trees):
    installed = "env/lib/site-packages/shop/__init__.py"

    assert fault(trees, installed, installed, changed=False) == ""


def test_an_installation_below_the_checkout_is_one_too(trees):
    installed = "checkout/.venv/lib/site-packages/shop/__init__.py"

    assert fault(trees, installed, installed).startswith("both sides imported shop from")
