"""Test runners besides pytest: how each is run in CI so that it writes a report that Lapwing reads. Pure."""

from typing import Final

from lapwing.model.value import Value


class Runner(Value):
    """A runner; commands are for a POSIX shell, in the root of the project."""

    name: str  # also the name of its job
    sign: str  # the file in the root that tells of it
    sign_text: str  # what stands in that file; "" for anything
    setup: tuple[str, ...]  # commands that make it ready
    command: str  # what writes `report`
    report: str
    image: str  # a container image that has it, for GitLab
    action: str = ""  # an action that makes it ready on GitHub; "" where the machine has it
    action_inputs: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # path and text of what it needs to write its report


RUNNERS: Final = (
    Runner(
        name="nextest",
        sign="Cargo.toml",
        sign_text="",
        setup=("cargo install cargo-nextest --locked",),
        command="cargo nextest run --profile ci",
        report="target/nextest/ci/junit.xml",
        image="rust:1",
        files=((".config/nextest.toml", '[profile.ci.junit]\npath = "junit.xml"\n'),),
    ),
    Runner(
        name="vitest",
        sign="package.json",
        sign_text='"vitest"',
        setup=("npm ci",),
        command="npx vitest run --reporter=default --reporter=junit --outputFile.junit=junit.xml",
        report="junit.xml",
        image="node:22",
        action="actions/setup-node@v4",
        action_inputs=(("node-version", '"22"'),),
    ),
    Runner(
        name="go",
        sign="go.mod",
        sign_text="",
        setup=(),
        command="sh -c 'go test -json ./... > go-test.json'",
        report="go-test.json",
        image="golang:1",
        action="actions/setup-go@v5",
        action_inputs=(("go-version-file", "go.mod"),),
    ),
)
