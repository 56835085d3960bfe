"""`lapwing init --ci`: shown first, nothing overwritten."""


def test_workflows_are_shown_and_not_written_until_told_to(shop):
    shop.run("init", "--ci", "github", "--dry-run")
    assert "+name: Test Performance Monitoring" in shop.out
    assert not (shop.root / ".github").exists()


def test_a_second_time_changes_nothing(shop):
    shop.run("init", "--ci", "github", "--yes")
    first = (shop.root / ".github/workflows/test-performance.yml").read_text()

    shop.run("init", "--ci", "github", "--yes")

    assert "nothing to write" in shop.out
    assert (shop.root / ".github/workflows/test-performance.yml").read_text() == first


def test_a_workflow_of_that_name_is_left_alone(shop):
    path = shop.root / ".github/workflows/test-performance.yml"
    path.parent.mkdir(parents=True)
    path.write_text("name: ours\n")

    shop.run("init", "--ci", "github", "--yes")

    assert path.read_text() == "name: ours\n"
    assert "test-performance.yml: is there already; left alone." in shop.out


def test_gitlab_includes_the_pipeline_where_there_is_no_other(shop):
    shop.run("init", "--ci", "gitlab", "--yes")

    assert ".gitlab/test-performance.yml" in (shop.root / ".gitlab-ci.yml").read_text()


def test_a_pipeline_that_is_there_is_a_persons_to_change(shop):
    (shop.root / ".gitlab-ci.yml").write_text("stages: [test]\n")

    shop.run("init", "--ci", "gitlab", "--yes")

    assert (shop.root / ".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert ".gitlab-ci.yml: add by hand: include: [{local: .gitlab/test-performance.yml}]" in shop.out
