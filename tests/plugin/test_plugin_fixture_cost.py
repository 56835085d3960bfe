"""Pitfalls of fixtures: whose time is it, and when does pytest tell."""

SECOND = 1_000_000_000


def test_set_up_of_a_shared_fixture_is_told_as_the_fixtures_own(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="session")
        def whole():
            advance(2)

        @pytest.fixture(scope="module")
        def module():
            advance(3)

        class TestClass:
            @pytest.fixture(scope="class")
            def klass(self):
                advance(4)

            def test_first(self, whole, module, klass):
                advance(1)

            def test_second(self, whole, module, klass):
                advance(1)
        """
    )

    project.run()

    first, second = project.tests()["TestClass::test_first"], project.tests()["TestClass::test_second"]
    assert (first.setup_ns, first.shared_fixture_ns, first.call_ns) == (9 * SECOND, 9 * SECOND, SECOND)
    assert (second.shared_fixture_ns, second.call_ns) == (0, SECOND)
    for name, scope, seconds in (("whole", "session", 2), ("module", "module", 3), ("klass", "class", 4)):
        (record,) = project.fixtures(name)
        assert (record.scope, record.setup_ns, record.requester) == (scope, seconds * SECOND, first.nodeid)


def test_tear_down_of_a_shared_fixture_is_told_as_the_fixtures_own(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="session")
        def whole():
            yield
            advance(2)

        @pytest.fixture(scope="module")
        def module(request, whole):
            request.addfinalizer(lambda: advance(3))

        @pytest.fixture
        def own():
            yield
            advance(5)

        def test_first(module, own):
            pass

        def test_last(module, own):
            pass
        """
    )

    project.run()

    first, last = project.tests()["test_first"], project.tests()["test_last"]
    assert (first.teardown_ns, first.shared_fixture_ns) == (5 * SECOND, 0)
    assert (last.teardown_ns, last.shared_fixture_ns) == (10 * SECOND, 5 * SECOND)
    assert [record.teardown_ns for record in project.fixtures("whole")] == [2 * SECOND]
    assert [record.teardown_ns for record in project.fixtures("module")] == [3 * SECOND]
    assert [record.teardown_ns for record in project.fixtures("own")] == [5 * SECOND, 5 * SECOND]


def test_a_fixture_asked_for_by_getfixturevalue_is_taken_out_of_its_asker(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture
        def inner():
            advance(3)

        @pytest.fixture
        def outer(request):
            advance(1)
            request.getfixturevalue("inner")
            advance(1)

        @pytest.fixture
        def outermost(request):
            request.getfixturevalue("outer")
            advance(7)

        def test_a(outermost):
            pass
        """
    )

    project.run()

    times = {name: project.fixtures(name)[0].setup_ns for name in ("inner", "outer", "outermost")}
    assert times == {"inner": 3 * SECOND, "outer": 2 * SECOND, "outermost": 7 * SECOND}
    assert project.tests()["test_a"].setup_ns == 12 * SECOND


def test_the_old_value_of_a_parametrized_session_fixture_is_torn_down_in_the_next_tests_set_up(
    project, fake_clock
):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="session", params=["one", "two"])
        def server(request):
            advance(2)
            yield
            advance(3)

        def test_a(server):
            pass
        """
    )

    project.run()

    tests = project.tests()
    assert tests["test_a[one]"].setup_ns == 2 * SECOND
    assert tests["test_a[two]"].setup_ns == 5 * SECOND
    assert tests["test_a[two]"].shared_fixture_ns == 8 * SECOND
    assert [(each.param, each.setup_ns, each.teardown_ns) for each in project.fixtures("server")] == [
        ("one", 2 * SECOND, 3 * SECOND),
        ("two", 2 * SECOND, 3 * SECOND),
    ]


def test_a_fixture_that_failed_or_skipped_is_told_once_and_finalizers_may_be_told_twice(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="module")
        def fails():
            advance(1)
            raise RuntimeError

        @pytest.fixture
        def skips():
            advance(2)
            pytest.skip()

        @pytest.fixture
        def told_twice(request):
            yield
            advance(4)
            request.node.ihook.pytest_fixture_post_finalizer(
                fixturedef=request._fixturedef if hasattr(request, "_fixturedef") else None, request=request
            )

        def test_a(fails): pass
        def test_b(fails): pass
        def test_c(skips): pass
        def test_d(told_twice): pass
        """
    )

    result = project.run()

    result.assert_outcomes(errors=2, skipped=1, passed=1)
    (fails,), (skips,), (twice,) = (project.fixtures(name) for name in ("fails", "skips", "told_twice"))
    assert (fails.failed, fails.setup_ns, fails.requester) == (
        True,
        SECOND,
        project.tests()["test_a"].nodeid,
    )
    assert (skips.failed, skips.setup_ns) == (True, 2 * SECOND)
    assert not twice.failed


def test_after_x_session_tear_down_is_the_fixtures_and_the_run_is_incomplete(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="session")
        def whole():
            yield
            advance(4)

        def test_a(whole):
            pass

        def test_b(whole):
            assert False

        def test_c(whole):
            pass
        """
    )

    result = project.run("-x")

    assert result.ret == 1
    assert project.outcomes() == {"test_a": "passed", "test_b": "failed"}
    assert project.tests()["test_b"].shared_fixture_ns == 4 * SECOND
    assert project.fixtures("whole")[0].teardown_ns == 4 * SECOND
    run = project.recorded().run
    assert (run.is_complete, run.why_incomplete) == (False, "stopped after failures")


def test_an_interrupted_test_is_unfinished_and_session_tear_down_is_the_fixtures(project, fake_clock):
    project.pytester.makepyfile(
        """
        import pytest
        from fake_clock import advance

        @pytest.fixture(scope="session")
        def early():
            yield
            advance(4)

        @pytest.fixture(scope="session")
        def late():
            advance(1)
            yield
            advance(2)

        def test_a(early):
            pass

        def test_b(late):
            raise KeyboardInterrupt

        def test_c():
            pass
        """
    )

    result = project.run()

    assert result.ret == 2
    assert project.outcomes() == {"test_a": "passed", "test_b": "unfinished"}
    assert project.fixtures("early")[0].teardown_ns == 4 * SECOND
    (late,) = project.fixtures("late")
    assert (late.setup_ns, late.teardown_ns) == (SECOND, 2 * SECOND)
    assert late.requester.endswith("test_b")
    run = project.recorded().run
    assert (run.is_complete, run.why_incomplete) == (False, "interrupted")


def test_location_of_a_fixture_is_where_its_function_was_written(project):
    project.pytester.makeconftest(
        """
        import functools
        import pytest

        def decorated(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper

        @pytest.fixture
        @decorated
        def wrapped():
            pass

        @pytest.fixture(params=[object()])
        def odd(request):
            pass
        """
    )
    project.pytester.makepyfile("def test_a(wrapped, odd, tmp_path): pass")

    project.run()

    assert project.fixtures("wrapped")[0].location == "conftest.py:10"
    assert (project.fixtures("odd")[0].location, project.fixtures("odd")[0].param) == ("conftest.py:15", "#0")
    assert "tmpdir.py:" in project.fixtures("tmp_path")[0].location


def test_an_argument_of_parametrize_is_no_fixture(project):
    project.pytester.makepyfile("""
        import pytest

        @pytest.fixture(params=[1, 2])
        def till(request): return request.param

        @pytest.mark.parametrize("price", [3, 4])
        def test_pays(till, price): pass
    """)

    project.run()

    assert {each.name for each in project.recorded().fixtures} == {"till"}
