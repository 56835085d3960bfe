"""Off, no hook of ours runs per test; on, the plugin leans on public names of pytest only."""

import ast
from pathlib import Path

import lapwing.plugin


def test_off_no_hook_runs_per_test(project):
    project.pytester.makeconftest(
        """
        def pytest_sessionfinish(session):
            for name in vars(type(session.config.hook)) | vars(session.config.hook):
                if not name.startswith("pytest_"):
                    continue
                plugins = [each.plugin_name for each in getattr(session.config.hook, name).get_hookimpls()]
                if any("lapwing" in str(plugin) for plugin in plugins):
                    print("hook of lapwing:", name)
        """
    )
    project.pytester.makepyfile("def test_a(): pass")

    result = project.run("-s", tracked=False)

    hooks = {line.partition("lapwing: ")[2] for line in result.outlines if "hook of lapwing" in line}
    once = {
        "pytest_addoption",
        "pytest_load_initial_conftests",
        "pytest_configure",
        "pytest_collection_finish",
        "pytest_plugin_registered",  # once per plugin
    }
    assert hooks <= once
    assert "pytest_configure" in hooks


def imports_at_run_time(tree):
    """Names of modules imported outside of `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            yield from imports_at_run_time(node)


def test_the_plugin_uses_public_names_of_pytest_only():
    for path in Path(lapwing.plugin.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))

        assert not [name for name in imports_at_run_time(tree) if name.startswith("_pytest")], path.name
        private = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not node.attr.startswith("__")
            and not (isinstance(node.value, ast.Name) and node.value.id == "self")
            # The schedulers of pytest-xdist are made to be extended in such methods.
            and not (path.name == "scheduler.py" and ast.unparse(node.value) == "super()")
        }
        assert private <= {"_replace", "_asdict"}, path.name
