"""Tests that a usual run leaves out: by what they call first, by configuration, and by what is installed."""

import textwrap

import pytest

HEAD = "import os, sys, time, unittest\nimport pytest\n"
NEEDS = "import os, shutil, unittest\nimport pytest\n"
BY_CALL = {
    "a function elsewhere": (
        "from tests.needs import need\ndef test():\n    need()\n    time.sleep(1)\n",
        "def need():\n    if 'SERVER' not in os.environ: pytest.skip('none')\n",
    ),
    "a method of a base elsewhere": (
        "from tests.needs import Base\nclass TestIt(Base):\n"
        "    def test(self):\n        self.need()\n        time.sleep(1)\n",
        "class Base(unittest.TestCase):\n    def need(self):\n"
        "        if not os.environ.get('SERVER'): self.skipTest('none')\n",
    ),
    "a method of a base of that base": (
        "from tests.needs import Base\nclass TestIt(Base):\n"
        "    def test(self):\n        self.need()\n        time.sleep(1)\n",
        "class Root(unittest.TestCase):\n    def need(self):\n"
        "        if not os.environ.get('SERVER'): self.skipTest('none')\nclass Base(Root): pass\n",
    ),
    "a method of what a fixture gives": (
        "from tests.needs import made\n"
        "@pytest.fixture\ndef tools(): return made()\n"
        "def test(tools):\n    tools.need('it')\n    time.sleep(1)\n",
        "class Tools:\n    def need(self, name):\n"
        "        if name not in self.asked: pytest.skip(f'Use --tools={name} to run this')\n"
        "def made(): return Tools()\n",
    ),
}
MAYBE_BY_CALL = {
    "by what is there": (
        BY_CALL["a function elsewhere"][0],
        "def need():\n    if not shutil.which('git'): pytest.skip('none')\n",
    ),
    "after a return": (
        BY_CALL["a function elsewhere"][0],
        "def need():\n    if has(): return\n    if 'SERVER' not in os.environ: pytest.skip('none')\n",
    ),
    "for a reason that names an option": (
        BY_CALL["a function elsewhere"][0],
        "def need():\n    if old(): pytest.skip('tool --durations needs Python 3.12')\n",
    ),
}


@pytest.mark.parametrize(("source", "needs"), BY_CALL.values(), ids=BY_CALL)
def test_what_a_function_of_another_file_skips_is_none(places_in, source, needs):
    assert places_in(HEAD + source, {"tests/needs.py": NEEDS + needs}) == []


@pytest.mark.parametrize(("source", "needs"), MAYBE_BY_CALL.values(), ids=MAYBE_BY_CALL)
def test_what_such_a_function_may_skip_counts(places_in, source, needs):
    assert [code for code, _ in places_in(HEAD + source, {"tests/needs.py": NEEDS + needs})] == ["LW101"]


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("not sys.stdin.isatty()", []),
        ("not sys.stdin.isatty() or not sys.stdout.isatty()", []),
        ("sys.stderr.isatty()", ["LW101"]),
        ("not device.isatty()", ["LW101"]),
    ],
)
def test_what_needs_a_terminal_is_skipped(places_in, condition, codes):
    source = f"""
        class TestIt(unittest.TestCase):
            def check(self, device):
                if {condition}: self.skipTest('no terminal')
                time.sleep(1)
            def test(self): self.check(1)
    """

    assert [code for code, _ in places_in(HEAD + textwrap.dedent(source))] == codes


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("need --runslow option to run", []),
        ("use '--ip' and an address", []),
        ("Set RUN_SLOW_ONES=1 to run this", []),
        ("the option --icon works on Windows only", ["LW101"]),
        ("run with --skip-slow", ["LW101"]),
        ("no JIT_MODE here", ["LW101"]),
    ],
)
def test_a_skip_whose_reason_asks_for_an_option_or_a_variable_waits_for_it(places_in, reason, codes):
    marked = f'@pytest.mark.skipif(is_off(), reason="{reason}")\ndef test(): time.sleep(1)\n'
    inside = f'def test():\n    if is_off(): pytest.skip("{reason}")\n    time.sleep(1)\n'

    assert [code for code, _ in places_in(HEAD + marked)] == codes
    assert [code for code, _ in places_in(HEAD + inside)] == codes


CONFIGURED = {
    "oslo.config": "CONF = cfg.CONF\n@unittest.skipUnless(CONF.cloud.resize, 'no')\n",
    "an option as an attribute": "@pytest.mark.skipif('not config.option.live')\n",
}


@pytest.mark.parametrize("mark", CONFIGURED.values(), ids=CONFIGURED)
def test_what_a_configuration_has_to_ask_for_is_skipped(places_in, mark):
    assert places_in(f"{HEAD}{mark}def test(): time.sleep(1)\n") == []


def test_what_a_configuration_has_to_switch_off_runs(places_in):
    source = f"{HEAD}CONF = cfg.CONF\n@unittest.skipIf(CONF.cloud.resize, 'no')\ndef test(): time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == ["LW101"]


def test_a_check_of_tempest_skips_the_tests_of_its_class(places_in):
    source = (
        "class TestIt(Base):\n    @classmethod\n    def skip_checks(cls):\n        super().skip_checks()\n"
        "        if not CONF.cloud.resize:\n            raise cls.skipException('no')\n"
        "    def test(self): time.sleep(1)\n"
    )

    assert places_in(HEAD + source) == []


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("(3, 7) <= sys.version_info", []),
        ("(3, 7) > sys.version_info", ["LW101"]),
        ("sys.version_info.major >= 3", []),
        ("sys.version_info.major < 3", ["LW101"]),
        ("sys.version_info >= (3, 11)", []),
        ("sys.version_info < (3, 11)", ["LW101"]),
        ("sys.version_info[:2] <= (3, 11)", ["LW101"]),  # that may be
        ("'linux' == sys.platform", []),
        ("'darwin' == sys.platform", ["LW101"]),
        ("tools.platform != 'macos'", []),
        ("tools.get_platform() == 'windows'", ["LW101"]),
    ],
)
def test_a_comparison_of_this_system_is_read_from_both_sides(places_in, condition, codes):
    source = f"{HEAD}@pytest.mark.skipif({condition}, reason='')\ndef test(): time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("store.version_tuple[0] > 3", []),
        ("store.version_tuple >= (4, 1)", []),
        ("Version(store.__version__) >= Version('4.1')", []),
        ("tuple(map(int, store.__version__.split('.')[:2])) > (4, 0)", []),
        ("MAJOR > 3", []),
        ("store.version_tuple[0] < 4", ["LW101"]),
        ("store.version_tuple >= (4, 5)", ["LW101"]),  # what is newer than asked for, nobody knows
        ("store.version_tuple[1] > 0", ["LW101"]),
        ("other.version_tuple[0] > 3", ["LW101"]),
    ],
)
def test_the_version_that_a_project_asks_for_decides_what_is_skipped(places_in, condition, codes):
    source = (
        f"{HEAD}import other, store\nMAJOR = int(store.__version__.split('.')[0])\n"
        f"@unittest.skipIf({condition}, '')\nclass TestIt(unittest.TestCase):\n"
        "    def test(self): time.sleep(1)\n"
    )
    beside = {"setup.py": 'setup(install_requires=["Store [fast] >= 4.1.0", "other"])\n'}

    assert [code for code, _ in places_in(source, beside)] == codes


@pytest.mark.parametrize(
    ("read", "codes"), [("'URL'", []), ("'URL', None", []), ("'URL', 'sqlite://'", ["LW101"])]
)
def test_a_variable_that_is_kept_under_a_name_and_not_set_skips(places_in, read, codes):
    source = (
        f"{HEAD}def test():\n    url = os.environ.get({read})\n"
        "    if url is None:\n        pytest.skip('none')\n    time.sleep(1)\n"
    )

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("alias", "codes"), [("slow", []), ("skipIfNoNetwork", ["LW101"]), ("quick", ["LW101"])]
)
def test_a_skip_that_does_not_hold_leaves_it_to_its_name_what_a_test_is(places_in, alias, codes):
    skip = "pytest.mark.skipif(os.environ.get('QUICK') == 'true', reason='')"

    found = places_in(f"{HEAD}{alias} = {skip}\n@{alias}\ndef test(): time.sleep(1)\n")

    assert [code for code, _ in found] == codes


@pytest.mark.parametrize(
    "condition",
    [
        "torch.cuda.is_available()",
        "is_cuda_available()",
        "HAS_GPU",
        "jax.gpu_available",
        "(has_tpu() and old())",
    ],
)
def test_a_usual_run_has_no_processor_for_graphics(places_in, condition):
    test = "def test(): time.sleep(1)\n"

    assert places_in(f"{HEAD}@unittest.skipUnless({condition}, '')\n{test}") == []
    assert len(places_in(f"{HEAD}@unittest.skipIf({condition}, '')\n{test}")) == 1


@pytest.mark.parametrize("name", ["gpu_name_is_available()", "available_gpus", "cuda"])
def test_other_names_with_such_a_word_tell_nothing(places_in, name):
    source = f"{HEAD}@unittest.skipUnless({name}, '')\ndef test(): time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == ["LW101"]


def test_a_decorator_that_a_package_of_the_tests_hands_on_skips(places_in):
    package = {"tests/marks/__init__.py": "from .conditions import needs_key\n"}
    skip = f"{HEAD}needs_key = pytest.mark.skipif('KEY' not in os.environ, reason='')\n"
    source = f"{HEAD}from tests.marks import needs_key\n@needs_key\ndef test(): time.sleep(1)\n"

    assert places_in(source, {**package, "tests/marks/conditions.py": skip}) == []
    runs = skip.replace("not in", "in")
    assert [code for code, _ in places_in(source, {**package, "tests/marks/conditions.py": runs})] == [
        "LW101"
    ]


@pytest.mark.parametrize(
    ("condition", "codes"), [("not key", []), ("key", ["LW101"]), ("not key and maybe()", ["LW101"])]
)
def test_what_a_test_asks_for_first_and_does_not_get_ends_it(places_in, condition, codes):
    ask = f"def api_key():\n    key = os.getenv('KEY')\n    if {condition}: raise RuntimeError('set it')\n"
    source = f"{HEAD}{ask}    return key\ndef test():\n    key = api_key()\n    time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("not os.environ.get('CGROUPS', None)", []),
        ("not os.environ.get('CGROUPS', '1')", ["LW101"]),
        ("not pytest.config.getoption('--live', False)", []),
        ("not pytest.config.getoption('--live', default=False)", []),
        ("not pytest.config.getoption('--count', default=1)", ["LW101"]),
    ],
)
def test_a_default_that_counts_as_false_leaves_a_switch_off(places_in, condition, codes):
    source = f"{HEAD}def test():\n    if {condition}:\n        pytest.skip('off')\n    time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == codes


def test_a_module_of_windows_is_not_there(places_in):
    imported = "try: import win32process\nexcept ImportError: win32process = None\n"
    source = f"{HEAD}{imported}if win32process:\n    def test(): time.sleep(1)\n"

    assert places_in(source) == []
    assert len(places_in(source.replace("if win32process", "if not win32process"))) == 1


@pytest.mark.parametrize(("system", "codes"), [("win32", []), ("linux", ["LW101"])])
def test_what_stands_behind_an_error_for_this_system_never_runs(places_in, system, codes):
    source = (
        f"{HEAD}def test():\n    if sys.platform != '{system}':\n        raise NotApplicable('elsewhere')\n"
        "    time.sleep(1)\n"
    )

    assert [code for code, _ in places_in(source)] == codes


def test_a_system_that_a_case_gives_may_be_any(places_in):
    source = (
        f"{HEAD}@pytest.mark.parametrize('platform', ['linux', 'windows'])\ndef test(platform):\n"
        "    if platform == 'windows':\n        time.sleep(1)\n"
    )

    assert [code for code, _ in places_in(source)] == ["LW101"]


@pytest.mark.parametrize(
    ("compared", "codes"),
    [
        ("server() < (1, 2)", []),
        ("(1, 2) > server()", []),
        ("server() >= (1, 2)", ["LW101"]),
        ("other() < (1, 2)", ["LW101"]),
    ],
)
def test_a_version_that_the_environment_does_not_name_is_less_than_any(places_in, compared, codes):
    read = (
        "def server():\n    'The version of the server.'\n    if 'SERVER' not in os.environ:\n"
        "        return ()\n    return tuple(map(int, os.environ['SERVER'].split('.')))\n"
        "def other(): return asked_of_server()\n"
    )
    source = f"{HEAD}from tests.tools import other, server\n@pytest.mark.skipif({compared}, reason='old')\n"

    places = places_in(f"{source}def test(): time.sleep(1)\n", {"tests/tools.py": NEEDS + read})

    assert [code for code, _ in places] == codes


@pytest.mark.parametrize(("condition", "codes"), [("has_touch()", ["LW101"]), ("False", [])])
def test_a_decorator_that_skips_only_where_something_is_missing_leaves_nothing_out(
    places_in, condition, codes
):
    decorator = (
        "def needs_touch(test):\n    def wrapper(*args):\n"
        f"        if {condition}:\n            return test(*args)\n"
        "        pytest.skip('no touch')\n    return wrapper\n"
    )

    places = places_in(f"{HEAD}{decorator}@needs_touch\ndef test(): time.sleep(1)\n")

    assert [code for code, _ in places] == codes
