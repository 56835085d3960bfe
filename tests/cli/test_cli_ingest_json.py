"""`lapwing ingest` of reports in JSON: what becomes of their names, attempts and benchmarks in a run."""

import json


def jest(*files):
    results = [
        {"name": str(file), "assertionResults": [{"fullName": "adds", "status": "passed", "duration": 5}]}
        for file in files
    ]
    return json.dumps({"numTotalTests": len(files), "openHandles": [], "testResults": results})


def test_like_names_in_two_files_are_two_tests_named_from_the_root(shop, tmp_path):
    report = tmp_path / "jest.json"
    report.write_text(jest(shop.root / "src" / "a.test.js", "/elsewhere/b.test.js"))

    shop.run("ingest", str(report))

    assert {test["nodeid"] for test in shop.json("show")["tests"]} == {
        "src/a.test.js::adds",
        "b.test.js::adds",
    }


def test_attempts_in_files_of_their_own_count_in_the_order_they_began(shop, tmp_path):
    for name, status, start in (("b", "failed", 1_795_198_974_000), ("a", "passed", 1_795_198_975_000)):
        attempt = {"uuid": name, "historyId": "h", "name": "flaky", "status": status}
        content = json.dumps({**attempt, "start": start, "stop": start + 20})
        (tmp_path / f"{name}-result.json").write_text(content)

    shop.run("ingest", str(tmp_path / "*-result.json"))

    assert [(test["attempt"], test["outcome"]) for test in shop.json("show")["tests"]] == [
        (1, "failed"),
        (2, "passed"),
    ]


def test_repetitions_are_samples_of_one_benchmark_and_sums_are_left_out(shop, tmp_path):
    rows = [{"name": "fib", "real_time": time, "run_type": "iteration"} for time in (10.0, 12.0, 11.0)]
    rows.append({"name": "fib_mean", "real_time": 11.0, "run_type": "aggregate"})
    (tmp_path / "bench.json").write_text(json.dumps({"context": {"num_cpus": 1}, "benchmarks": rows}))

    shop.run("ingest", str(tmp_path / "bench.json"))

    (benchmark,) = shop.json("show")["benchmarks"]
    assert (benchmark["name"], benchmark["samples"]) == ("fib", [10.0, 12.0, 11.0])
