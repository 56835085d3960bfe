"""Every kind of test that pytest and its plugins run is recorded."""

import pytest

SECOND = 1_000_000_000


def test_unittest_cases_with_their_own_set_up_and_subtests(project, fake_clock):
    project.pytester.makepyfile(
        """
        import unittest
        from fake_clock import advance

        class T(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                advance(5)

            @classmethod
            def tearDownClass(cls):
                advance(6)

            def setUp(self):
                advance(1)

            def tearDown(self):
                advance(2)

            def test_a(self):
                advance(3)

            def test_b(self):
                for n in range(3):
                    with self.subTest("part", n=n):
                        assert n != 1

            @unittest.skip("reason")
            def test_c(self):
                pass

            @unittest.expectedFailure
            def test_d(self):
                assert False
        """
    )

    project.run()

    tests = project.tests()
    assert {name: record.outcome.value for name, record in tests.items()} == {
        "T::test_a": "passed",
        "T::test_b": "failed",
        "T::test_c": "skipped",
        "T::test_d": "xfailed",
    }
    first = tests["T::test_a"]
    assert (first.setup_ns, first.call_ns, first.shared_fixture_ns) == (5 * SECOND, 6 * SECOND, 5 * SECOND)
    assert [(each.name, each.outcome.value) for each in tests["T::test_b"].subtests] == [
        ("part (n=0)", "passed"),
        ("part (n=1)", "failed"),
        ("part (n=2)", "passed"),
    ]
    (class_fixture,) = (each for each in project.recorded().fixtures if each.name.startswith("_unittest_"))
    assert (class_fixture.scope, class_fixture.setup_ns, class_fixture.teardown_ns) == (
        "class",
        5 * SECOND,
        6 * SECOND,
    )


def test_an_asynchronous_unittest_case(project):
    project.pytester.makepyfile(
        """
        import unittest

        class T(unittest.IsolatedAsyncioTestCase):
            async def test_a(self):
                import asyncio
                await asyncio.sleep(0)
        """
    )

    project.run()

    assert project.outcomes() == {"T::test_a": "passed"}


def test_subtests_of_pytest_are_rows_under_their_test_and_their_time_counts_once(project, fake_clock):
    project.pytester.makepyfile(
        """
        from fake_clock import advance

        def test_a(subtests):
            advance(1)
            for n in range(2):
                with subtests.test("part", n=n):
                    advance(2)
                    assert n == 0
            with subtests.test():
                pass
        """
    )

    project.run()

    record = project.tests()["test_a"]
    assert (record.outcome.value, record.call_ns) == ("failed", 5 * SECOND)
    assert [(each.name, each.outcome.value) for each in record.subtests] == [
        ("part (n=0)", "passed"),
        ("part (n=1)", "failed"),
        ("(<subtest>)", "passed"),
    ]


def test_doctests_of_modules_and_of_text_files(project):
    project.pytester.makepyfile(
        module='''
        def double(n):
            """
            >>> double(2)
            4
            """
            return 2 * n
        '''
    )
    project.pytester.maketxtfile(test_text=">>> 1 + 1\n3\n")

    project.run("--doctest-modules", "--doctest-glob=*.txt")

    assert project.outcomes() == {"module.double": "passed", "test_text.txt": "failed"}


def test_asynchronous_tests_of_pytest_asyncio_wait_and_do_not_compute(project):
    pytest.importorskip("pytest_asyncio")
    project.pytester.makepyfile(
        """
        import asyncio
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def server():
            await asyncio.sleep(0.001)
            yield 1
            await asyncio.sleep(0.001)

        async def test_a(server):
            await asyncio.sleep(0.02)
        """
    )

    project.run(
        "-o",
        "asyncio_mode=auto",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
        plugins=["pytest_asyncio.plugin"],
    )

    record = project.tests()["test_a"]
    assert record.outcome.value == "passed"
    assert record.call_ns >= 20_000_000
    assert record.counters["async_sleep"].count == 3
    assert record.counters["async_sleep"].time_ns >= 20_000_000
    assert record.call_cpu_ns < record.call_ns
    assert len(project.fixtures("server")) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_asynchronous_tests_of_anyio(project, backend):
    pytest.importorskip("anyio")
    pytest.importorskip("trio")
    project.pytester.makepyfile(
        f"""
        import anyio
        import pytest

        @pytest.fixture
        def anyio_backend():
            return {backend!r}

        @pytest.fixture
        async def server(anyio_backend):
            await anyio.sleep(0)
            yield

        @pytest.mark.anyio
        async def test_a(server):
            await anyio.sleep(0)
        """
    )

    project.run(plugins=["anyio.pytest_plugin"])

    assert list(project.outcomes().values()) == ["passed"]
    assert len(project.fixtures("server")) == 1
