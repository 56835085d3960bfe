"""Programs in strings count where the code shows that they are run."""

import pytest

RUN = {
    "a test file that pytester runs": (
        'def test(pytester):\n    pytester.makepyfile("""\n        import time\n'
        '        def test_it():\n            time.sleep(1)\n    """)\n    pytester.runpytest()\n',
        5,
    ),
    "by keyword": (
        'def test(pytester):\n    pytester.makepyfile(test_it="""\n        import time\n'
        '        def test_it():\n            time.sleep(1)\n    """)\n    pytester.runpytest()\n',
        5,
    ),
    "a conftest file": (
        'def test(pytester):\n    pytester.makeconftest("""\n        import time\n'
        '        def pytest_configure():\n            time.sleep(1)\n    """)\n    pytester.inline_run()\n',
        5,
    ),
    "exec": ('def test():\n    exec("import time\\ntime.sleep(1)\\n")\n', 2),
    "a program of several strings": (
        'def test(run_code):\n    run_code(\n        "import time;"\n        f"print({1});"\n'
        '        "time.sleep(1)"\n    )\n',
        5,
    ),
    "a name for it": (
        'CODE = """\nimport time\ntime.sleep(1)\n"""\ndef test():\n    exec(CODE)\n',
        3,
    ),
    "a file that Python is given": (
        "import sys, textwrap\ndef test(tmp_path, shell):\n    script = tmp_path / 'it.py'\n"
        '    script.write_text(textwrap.dedent("""\n        import time\n        time.sleep(1)\n    """))\n'
        "    shell([sys.executable, script])\n",
        6,
    ),
    "a block of code": (
        "import sys, ub\ndef test(tmp_path, shell):\n    script = tmp_path / 'it.py'\n"
        '    script.write_text(ub.codeblock("""\n        from time import sleep\n'
        '        sleep(1)\n    """))\n'
        "    shell([sys.executable, script])\n",
        6,
    ),
    "a function of ours that runs it": (
        "import sys\ndef run(name, code, shell):\n    shell([sys.executable, '-c', code], name)\n"
        'def test(shell):\n    run("x", """\nimport time\ntime.sleep(1)\n""", shell)\n',
        7,
    ),
    "a file that is run by its name": (
        "def test(make_file, run_command):\n"
        '    make_file("it.py", """\nimport time\ntime.sleep(1)\n""")\n'
        '    run_command("cover run -p it.py")\n',
        4,
    ),
    "a template": (
        'def test(n):\n    exec("""\nimport time\nn = {n}\ntime.sleep(1)\nd = {{}}\n""".format(n=n))\n',
        5,
    ),
    "the same line twice, the second time it counts": (
        'def test():\n    exec("""\nimport time\ndef never():\n    time.sleep(1)\ntime.sleep(1)\n""")\n',
        6,
    ),
    "below the guard of a script": (
        'def test():\n    exec("""\nimport time\nif __name__ == "__main__":\n    time.sleep(1)\n""")\n',
        5,
    ),
    "behind a command line that is kept first": (
        "import subprocess, sys\ndef test():\n    command = [sys.executable, '-B', '-c',\n"
        "        'import time; time.sleep(1)']\n    wait(command)\n"
        "def wait(command): assert not command.run()\n",
        4,
    ),
    "behind a command line that is kept on a thing which is run": (
        "import sys\ndef test(job):\n    job.command = [sys.executable, '-c', 'import time; time.sleep(1)']\n"
        "    job.run()\n",
        3,
    ),
    "a piece of code that imports nothing itself": (
        'def test(shell):\n    shell.run_cell("import time")\n    shell.run_cell("time.sleep(1)")\n',
        3,
    ),
    "a script that a helper makes": (
        'CODE = """\nimport time\ntime.sleep(1)\n"""\ndef test(folder):\n'
        "    assert_python_ok(make_script(folder, 'it', CODE))\n",
        3,
    ),
    "a cell of a notebook": (
        "def test(notebook):\n    cell = new_code_cell('import time\\ntime.sleep(1)')\n"
        "    notebook.execute(cell)\n",
        2,
    ),
    "a template that is no Python before its parts are there": (
        'def test(more):\n    exec("""\nimport time\nprint(limit=3, {more})\n'
        'time.sleep(1)\n""".format(more=more))\n',
        5,
    ),
    "below the guard of an indented program": (
        'def test():\n    exec("""if 1:\n    import time\n    if __name__ == "__main__":\n'
        '        time.sleep(1)\n""")\n',
        5,
    ),
}
NOT_RUN = {
    "no program that is run": 'def test():\n    parse("""\nimport time\ntime.sleep(1)\n""")\n',
    "only collected": (
        'def test(pytester):\n    pytester.makepyfile("""\n'
        '        import time\n        time.sleep(1)\n    """)\n'
        "    pytester.runpytest('--collect-only')\n"
    ),
    "made and not run": (
        'def test(pytester):\n    pytester.makepyfile("""\n'
        '        import time\n        time.sleep(1)\n    """)\n'
    ),
    "a function that the program never calls": (
        'def test():\n    exec("""\nimport time\ndef never():\n    time.sleep(1)\n""")\n'
    ),
    "a file whose name nothing runs": (
        'def test(make_file, run):\n    run("x")\n'
        '    make_file("it.py", """\nimport time\ntime.sleep(1)\n""")\n'
    ),
    "a script that nothing runs": (
        "def test(folder): make_script(folder, 'it', 'import time\\ntime.sleep(1)'); exec_nothing()\n"
    ),
    "a cell that is kept": (
        "def test(notebook):\n    notebook.add(new_code_cell('import time\\ntime.sleep(1)'))\n"
    ),
    "no Python": 'def test():\n    exec("""import time and time.sleep(1)""")\n',
    "ended by who runs it": (
        'def test(run_code):\n    child = run_code("""\nimport time\ntime.sleep(1)\n""")\n    child.kill()\n'
    ),
    "started and not waited for": (
        "import sys\nfrom subprocess import Popen\ndef child():\n"
        "    return start([sys.executable, '-c', 'import time; time.sleep(1)'])\ndef start(cmd): return cmd\n"
        "def test(): assert child()\n"
    ),
    "longer than anybody waits in all": (
        'def test():\n    exec("import time; [time.sleep(0.1) for i in range(100)]")\n'
    ),
    "longer than anybody waits": 'def test():\n    exec("import time\\ntime.sleep(60)\\n")\n',
    "patched in the program": (
        'def test():\n    exec("""\nimport time\nfrom unittest import mock\n'
        'with mock.patch("time.sleep"):\n    time.sleep(1)\n""")\n'
    ),
    "in a test marked slow": (
        'import pytest\n@pytest.mark.slow\ndef test():\n    exec("import time\\ntime.sleep(1)\\n")\n'
    ),
    "read by a linter": (
        "import sys\ndef test(tmp_path, shell):\n    it = tmp_path / 'it.py'\n"
        "    it.write_text('import time\\ntime.sleep(1)\\n')\n    shell([sys.executable, '-m', 'ruff', it])\n"
    ),
    "handed to a process that is a fake": (
        "import subprocess, sys\ndef test(monkeypatch):\n    monkeypatch.setattr(subprocess, 'run', print)\n"
        "    subprocess.run([sys.executable, '-c', 'import time; time.sleep(1)'])\n"
    ),
}


@pytest.mark.parametrize(("source", "line"), RUN.values(), ids=RUN)
def test_a_sleep_in_a_program_that_a_test_runs_is_found_in_its_line(places_in, source, line):
    assert places_in(source) == [("LW101", line)]


@pytest.mark.parametrize("source", NOT_RUN.values(), ids=NOT_RUN)
def test_a_sleep_in_a_string_that_is_not_surely_run_fails_nothing(places_in, source):
    assert places_in(source) == []


def test_a_method_of_a_base_class_elsewhere_runs_what_it_is_given(places_in):
    base = (
        "import subprocess, sys\nclass Template:\n    def run_it(self, program):\n"
        "        subprocess.run([sys.executable, '-c', program])\n"
    )
    source = (
        'from template import Template\nCODE = """\nimport time\ntime.sleep(1)\n"""\n'
        "class TestIt(Template):\n    def test(self): self.{name}(CODE)\n"
    )

    assert places_in(source.format(name="run_it"), {"tests/template.py": base}) == [("LW101", 4)]
    assert places_in(source.format(name="keep"), {"tests/template.py": base}) == []


EXAMPLES = 'import time\ndef waits():\n    """\n    >>> for _ in "ab":\n    ...     time.sleep(1)\n    """\n'


def test_an_example_in_a_docstring_of_a_file_that_runs_those_is_found_in_its_line(places_in):
    assert places_in(EXAMPLES + "import doctest\nSUITE = doctest.DocTestSuite()\n") == [("LW101", 5)]


def test_an_example_in_a_docstring_of_another_file_is_text(places_in):
    assert places_in(EXAMPLES) == []


def test_a_pool_of_processes_that_a_program_starts_is_found(places_in):
    source = (
        "CODE = '''\nfrom concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor(2)\n'''\n"
        "def test():\n    exec(CODE)\n"
    )
    assert places_in(source) == [("LW103", 3)]


def test_a_process_that_a_program_starts_is_found_beside_the_program(places_in):
    source = (
        "import subprocess, sys\ndef test():\n    subprocess.run([sys.executable, '-c', '''\n"
        "import subprocess\nsubprocess.run('true')\n'''])\n"
    )

    assert places_in(source) == [("LW103", 3), ("LW103", 5)]


def test_requests_of_a_program_without_a_network_are_none(places_in):
    program = 'pytester.makepyfile("""\n from urllib.request import urlopen\n urlopen("https://a.org")\n""")'
    source = f"def test(pytester):\n    {program}\n    pytester.runpytest({{options}})\n"

    assert places_in(source.format(options="")) == [("LW102", 4)]
    assert places_in(source.format(options="'--disable-socket'")) == []


def test_a_finding_in_a_program_names_the_test_and_points_at_the_call(findings_in):
    source = 'class TestIt:\n    def test(self):\n        exec("import time; time.sleep(1)")\n'

    [finding] = findings_in(source)

    assert (finding.function, finding.call) == ("TestIt.test", "time.sleep")
    assert finding.source[finding.col - 1 :][: finding.length] == "time.sleep"
    assert "in a program that is run here" in finding.message


def test_a_waiver_in_a_program_or_on_its_test_lets_it_through(places_in):
    inside = (
        'def test():\n    exec("""\nimport time\ntime.sleep(1)  # lapwing: allow LW101 it is short\n""")\n'
    )
    outside = 'def test():  # lapwing: allow LW101 it is short\n    exec("import time; time.sleep(1)")\n'

    assert places_in(inside) == places_in(outside) == []


@pytest.mark.parametrize(
    "program",
    [
        "exec(" + " + ".join(['"import time; time.sleep(1)\\n"'] * 2_000) + ")",
        "\n    ".join(['exec("import time; time.sleep(1)")'] * 2_000),
    ],
    ids=["in one sum", "in one function"],
)
def test_thousands_of_programs_take_nothing_from_the_rest_of_the_file(places_in, program):
    source = f"import time\ndef test_it():\n    {program}\ndef test_last(): time.sleep(1)\n"

    assert ("LW101", source.count("\n")) in places_in(source)
