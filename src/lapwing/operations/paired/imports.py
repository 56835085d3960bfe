"""Did each side test its own code? What was imported, beside what the trees hold."""

from collections.abc import Callable, Sequence
from pathlib import Path

from lapwing.environment.worktree_imports import is_installed
from lapwing.operations.paired.side import Side, SideAnswer

_USUAL_ROOTS = ("", "src", "lib", "python")


def imports_fault(
    a: Side,
    b: Side,
    answers: tuple[SideAnswer, SideAnswer],
    *,
    top: Path,
    is_changed: Callable[[Sequence[str]], bool],
) -> str:
    """Why the sides did not test different code, "" where they did.

    `is_changed` tells whether paths relative to the top differ between the sides. Code that is
    the same on both sides may come from anywhere.
    """
    for side, answer in zip((a, b), answers, strict=True):
        if side.tree != top:
            fault = _leak(side, answer, top, is_changed)
            if fault:
                return fault
    for name, file in answers[1].modules.items():
        other = answers[0].modules.get(name)
        if other is None:
            continue
        prefixes = [prefix for answer in answers for prefix in answer.prefixes]
        if not (_is_foreign(file, b.tree, prefixes) and _is_foreign(other, a.tree, prefixes)):
            continue
        source = _source_of(name, b.tree)
        if source and is_changed([source]):
            return (
                f"both sides imported {name} from {Path(file).parent}, not from their own trees; use "
                "--prepare 'pip install -e .', or an interpreter with an editable installation (--python)"
            )
    return ""


def _leak(side: Side, answer: SideAnswer, top: Path, is_changed: Callable[[Sequence[str]], bool]) -> str:
    """Code of the checkout that a worktree's tests imported."""
    for name, file in answer.modules.items():
        path = Path(file)
        if not path.is_relative_to(top) or path.is_relative_to(side.tree):
            continue
        if any(is_installed(path, top, Path(prefix)) for prefix in answer.prefixes):
            continue
        relative = path.relative_to(top)
        source = relative.parent if path.name == "__init__.py" else relative
        if is_changed([source.as_posix()]):
            return (
                f"{side.name} imported {name} from the checkout ({relative.as_posix()}) instead of its own "
                "tree; use --prepare 'pip install -e .' so that it has an installation of its own"
            )
    return ""


def _is_foreign(file: str, tree: Path, prefixes: Sequence[str]) -> bool:
    path = Path(file)
    if not path.is_relative_to(tree):
        return True
    return any(is_installed(path, tree, Path(prefix)) for prefix in prefixes)


def _source_of(name: str, tree: Path) -> str:
    """Where the tree has a top-level module `name`, relative to it; "" if it has none."""
    for root in _USUAL_ROOTS:
        folder = tree / root / name
        if (folder / "__init__.py").is_file():
            return (Path(root) / name).as_posix()
        if folder.with_suffix(".py").is_file() and folder.suffix == "":
            return (Path(root) / f"{name}.py").as_posix()
    return ""
