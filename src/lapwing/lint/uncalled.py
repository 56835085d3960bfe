"""Files and programs in which nothing is a test, or nothing calls a function."""

import ast

from lapwing.lint.condition import is_main_guard
from lapwing.lint.module import Module
from lapwing.lint.run_by_name import BY_NAME
from lapwing.lint.scope import FUNCTIONS


def is_only_script(module: Module) -> bool:
    """Whether a file has no test, and functions that run only from below `if __name__ == "__main__"`: none of
    its other statements names one, and no class of it is derived from another.
    """
    names = {each.node.name for each in module.definitions}
    is_guarded = False
    for statement in module.tree.body:
        if isinstance(statement, ast.If) and is_main_guard(statement.test):
            is_guarded = True
        elif isinstance(statement, ast.ClassDef):
            if statement.bases or _is_test_case(statement):
                return False
        elif not isinstance(statement, FUNCTIONS):
            for below in ast.walk(statement):
                if isinstance(below, ast.Name) and below.id in names:
                    return False
    return is_guarded and not any(map(BY_NAME.match, names))


def unnamed(module: Module) -> frozenset[str]:
    """Qualified names of the plain functions of a program that nothing in it names: what is written in one
    string is called from no other file.
    """
    return frozenset(
        each.node.name
        for each in module.definitions
        if not (each.classes or each.node.decorator_list or BY_NAME.match(each.node.name))
        and _stands_once(each.node.name, module.text)
    )


def _stands_once(name: str, text: str) -> bool:
    """Whether `name` stands in `text` as a word exactly once, but for lines that are comments."""
    # Going from find to find takes a hundredth of what a regular expression with \b takes.
    times = 0
    at = text.find(name)
    while at >= 0 and times < 2:
        end = at + len(name)
        is_whole = not (_is_of_word(text[at - 1 : at]) or _is_of_word(text[end : end + 1]))
        if is_whole and not text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#"):
            times += 1
        at = text.find(name, end)
    return times == 1


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_test_case(owner: ast.ClassDef) -> bool:
    return "Test" in owner.name or any("Test" in ast.unparse(base) for base in owner.bases)
