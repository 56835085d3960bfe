"""What becomes of each kind of result, and that tracking changes none of them."""

import pytest

SUITE = """
    import pytest

    @pytest.fixture
    def broken():
        raise RuntimeError("set-up")

    @pytest.fixture
    def broken_later():
        yield
        raise RuntimeError("tear-down")

    def test_passes():
        print("said by a test")

    def test_fails():
        assert 1 == 2

    def test_error_in_setup(broken):
        pass

    def test_error_in_teardown(broken_later):
        pass

    def test_fails_and_error_in_teardown(broken_later):
        assert False

    def test_skips():
        pytest.skip("reason")

    @pytest.mark.skip
    def test_marked_skip():
        pass

    @pytest.mark.xfail
    def test_fails_as_expected():
        assert False

    @pytest.mark.xfail
    def test_passes_unexpectedly():
        pass

    @pytest.mark.xfail(strict=True)
    def test_passes_against_strict_expectation():
        pass

    @pytest.mark.xfail(run=False)
    def test_not_even_tried():
        pass
"""


def test_each_result_of_pytest_has_its_outcome(project):
    project.pytester.makepyfile(SUITE)

    project.run()

    assert project.outcomes() == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_error_in_setup": "error",
        "test_error_in_teardown": "error",
        "test_fails_and_error_in_teardown": "failed",
        "test_skips": "skipped",
        "test_marked_skip": "skipped",
        "test_fails_as_expected": "xfailed",
        "test_passes_unexpectedly": "xpassed",
        "test_passes_against_strict_expectation": "failed",
        "test_not_even_tried": "xfailed",
    }


def test_tracking_changes_neither_outcomes_nor_exit_code_nor_order(project):
    project.pytester.makepyfile(SUITE)

    bare = project.run("-v", tracked=False)
    tracked = project.run("-v")

    def verdicts(result):
        return [line.split(" [")[0] for line in result.outlines if line.startswith("test_") and "::" in line]

    assert tracked.ret == bare.ret
    assert tracked.parseoutcomes() == bare.parseoutcomes()
    assert len(verdicts(bare)) >= 11
    assert verdicts(tracked) == verdicts(bare)


@pytest.mark.parametrize("capture", ["fd", "sys", "no", "tee-sys"])
def test_output_of_tests_is_left_as_it_was(project, capture):
    project.pytester.makepyfile(
        """
        import os, sys
        def test_speaks(capfd):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            os.write(1, b"below python\\n")
            out, err = capfd.readouterr()
            assert (sorted(out.split("\\n")), err) == (["", "below python", "to stdout"], "to stderr\\n")
        """
    )

    result = project.run(f"--capture={capture}")

    result.assert_outcomes(passed=1)
    assert project.outcomes() == {"test_speaks": "passed"}


def test_a_run_of_passing_tests_is_complete(project):
    project.pytester.makepyfile("def test_a(): pass")

    assert project.run().ret == 0

    run = project.recorded().run
    assert (run.exit_status, run.is_complete, run.why_incomplete) == (0, True, "")


def test_a_run_with_failing_tests_is_complete(project):
    project.pytester.makepyfile("def test_a(): assert False")

    assert project.run().ret == 1

    run = project.recorded().run
    assert (run.exit_status, run.is_complete) == (1, True)


def test_deselected_tests_are_counted(project):
    project.pytester.makepyfile("def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass")

    project.run("-k", "test_a")

    assert project.recorded().run.deselected == 2
    assert list(project.outcomes()) == ["test_a"]
