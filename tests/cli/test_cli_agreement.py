"""Gate, comparison and report say the same of one run, in words and in JSON."""

import pytest


def few_tests(run):
    return run._replace(tests=run.tests[:12])


SCENES = {
    "nothing": ({}, lambda run: run, "unchanged", "nothing slower"),
    "one slower": ({7: 4.0}, lambda run: run, "regressed", "1 slower"),
    "one faster": ({7: 0.2}, lambda run: run, "improved", "nothing slower, 1 faster"),
    "one much slower of few": ({7: 8.0}, few_tests, "regressed", "1 slower"),
    "one much faster of few": ({7: 0.05}, few_tests, "improved", "nothing slower, 1 faster"),
    "half at once": (dict.fromkeys(range(40), 1.6), lambda run: run, "cannot_tell", "cannot tell code"),
    "half at once and one far more": (
        dict.fromkeys(range(40), 1.6) | {7: 9.0},
        lambda run: run,
        "regressed",
        "1 slower",
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_every_face_gives_the_same_verdict(shop, make_run, scene):
    factors, part, verdict, words = SCENES[scene]
    shop.record(*(part(make_run(number)) for number in range(7)), part(make_run(7, factors=factors)))

    code = shop.run("check")
    compared, checked, reported = (shop.json(*words) for words in (["compare"], ["check"], ["report"]))

    assert code == (1 if verdict == "regressed" else 0)
    assert checked["passed"] is (code == 0)
    assert compared["verdict"] == checked["verdict"] == reported["comparison"]["verdict"] == verdict
    assert reported["verdict"]["verdict"] == verdict
    assert words in reported["verdict"]["sentence"].lower()
    assert bool(compared["reason"]) is (verdict == "cannot_tell")
    assert bool(checked["broken"]) is (verdict == "regressed")


def test_a_sum_alone_makes_the_verdict_of_every_face(shop, make_run):
    (shop.root / "pyproject.toml").write_text(
        '[tool.lapwing]\nbase_branch = "main"\nsuite_threshold = 10\nindividual_test_threshold = 300\n'
    )
    slower = dict.fromkeys(range(0, 16, 2), 1.9)
    shop.record(*(make_run(number) for number in range(9)), make_run(9, factors=slower))

    assert shop.run("check") == 1
    assert shop.json("compare")["verdict"] == "regressed"
    assert "slower as a whole" in shop.json("report")["verdict"]["sentence"]
    shop.run("compare")
    assert "slower as a whole" in shop.out.splitlines()[0]


def test_what_is_let_pass_is_still_said(shop, make_run):
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors={7: 1.35}))

    assert shop.run("check", "--severity", "critical") == 0

    assert "passed: 1 slower than the baseline, none of it critical" in shop.out
    checked = shop.json("check", "--severity", "critical")
    assert (checked["passed"], checked["verdict"], checked["broken"]) == (True, "regressed", [])
