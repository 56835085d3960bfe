import json

from lapwing.ingest.readers.cucumber_json import CucumberJsonReader


def step(status="passed", duration=1_000_000):
    return {"result": {"status": status, "duration": duration}}


def test_hooks_steps_and_the_background_before_make_the_time_of_a_scenario(read_with):
    background = {"type": "background", "steps": [step(duration=5_000_000)]}
    hooks = {"before": [step()], "after": [step()]}
    scenario = {
        "type": "scenario",
        "name": "s",
        "line": 7,
        "steps": [{**step(), **hooks}],
        "before": [step()],
    }
    feature = {"uri": "a.feature", "keyword": "Feature", "name": "F", "elements": [background, scenario]}

    (test,) = read_with(CucumberJsonReader(), json.dumps([feature])).tests

    assert test.duration_ns == 9_000_000
    assert (test.name, test.suite_path, test.file, test.line) == ("s", ("F",), "a.feature", 7)


def test_the_worst_step_is_the_verdict(read_with):
    verdicts = {"failed": "failed", "skipped": "skipped", "undefined": "todo", "ambiguous": "error"}
    scenarios = [{"type": "scenario", "name": status, "steps": [step(), step(status)]} for status in verdicts]

    reading = read_with(CucumberJsonReader(), json.dumps([{"uri": "a", "elements": scenarios}]))

    assert {test.name: test.status.value for test in reading.tests} == verdicts


def test_behave_writes_seconds_and_its_own_status(read_with):
    scenario = {
        "type": "scenario",
        "name": "s",
        "status": "failed",
        "location": "features/a.feature:3",
        "steps": [step(duration=0.25), {"name": "not reached"}],
    }
    feature = {"keyword": "Feature", "location": "features/a.feature:1", "elements": [scenario]}

    (test,) = read_with(CucumberJsonReader(), json.dumps([feature])).tests

    assert (test.status.value, test.duration_ns) == ("failed", 250_000_000)
    assert (test.file, test.line) == ("features/a.feature", 3)
