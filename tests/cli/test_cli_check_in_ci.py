"""`lapwing check` in the forms of CI systems."""

import json
import re


def test_breaches_are_annotated_with_value_and_limit(with_slower_test, name_of, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    assert with_slower_test.run("check", "--format", "github") == 1

    first, *rest = with_slower_test.out.splitlines()
    assert first.startswith("::error file=tests/api/test_shop.py,title=Slower::")
    assert re.search(re.escape(name_of(7)) + r": \S+ ms \(limit: ", first)
    assert "### check" in rest


def test_a_broken_budget_is_annotated_with_where_it_was_set(shop, make_run):
    (shop.root / "pyproject.toml").write_text('[tool.lapwing.categories.unit]\nbudget = "101ms"\n')
    shop.record(make_run(0))

    assert shop.run("check", "--format", "github") == 1

    lines = [line for line in shop.out.splitlines() if line.startswith("::")]
    assert len(lines) == 8
    assert "title=Over budget::" in lines[0]
    assert "set by" in lines[0]


def test_the_page_goes_to_the_summary_of_the_job(with_history, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))

    assert with_history.run("check", "--format", "github") == 0

    assert (tmp_path / "s.md").read_text().startswith("### check\n\n**passed")


def test_gitlab_gets_code_quality(with_slower_test):
    assert with_slower_test.run("check", "--format", "gitlab") == 1

    (row,) = json.loads(with_slower_test.out)
    assert row["check_name"] == "lapwing-regression"
