"""Tokens, export and push from the command line."""

import csv
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow.parquet
import pytest

from lapwing.cli.main import main
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.open_store import open_store

RUN = "0192f3a1-7c11-7d2e-9f00-000000000001"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one run of two tests."""
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    tests = (
        TestRecord(
            nodeid="a.py::test_=1+1", outcome=Outcome.PASSED, call_ns=2_000_000_000, markers=("slow",)
        ),
        TestRecord(nodeid="a.py::test_b", outcome=Outcome.FAILED, call_ns=5),
    )
    run = Run(run_id=RUN, started_at_ns=10**18, duration_ns=1, project="shop", is_complete=True)
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True) as store:
        store.write_run(RecordedRun(run=run, tests=tests))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_store_may_be_named_behind_what_is_done_with_it(project, capsys):
    store = str(project / "team.sqlite")

    assert main(["token", "create", "ci", "--store", store]) == 0
    assert main(["token", "list", "--store", store]) == 0
    listed = capsys.readouterr().out
    main(["token", "list"])

    assert " ci " in listed
    assert " ci " not in capsys.readouterr().out


class Answering(BaseHTTPRequestHandler):
    """A server that answers as it is told and remembers what it got."""

    status, got = 201, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.path, self.headers["Authorization"], body))
        answer = b'{"error": "not like this"}'
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def receiver():
    """Its address; what it answers and got are on the class."""
    Answering.status, Answering.got = 201, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def said(capsys):
    return capsys.readouterr().out


class TestToken:
    def test_a_token_is_made_listed_without_its_secret_and_revoked(self, project, capsys):
        assert (
            main(["token", "create", "ci", "--scope", "write", "--project", "shop", "--expires", "90d"]) == 0
        )
        text = said(capsys).strip()
        assert main(["token", "list", "--format", "json"]) == 0
        (token,) = json.loads(said(capsys))["tokens"]

        assert text.startswith(f"lapwing_{token['token_id']}_")
        assert (token["name"], token["scope"], token["project"]) == ("ci", "write", "shop")
        assert text.rpartition("_")[2] not in json.dumps(token)
        assert main(["token", "revoke", token["token_id"]]) == 0
        assert main(["token", "revoke", token["token_id"]]) == 2

    def test_a_token_can_be_made_before_there_is_any_run(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)

        assert main(["token", "create", "ann"]) == 0
        assert main(["token", "list"]) == 0
        assert "ann" in said(capsys)


class TestExport:
    def test_the_board_as_csv(self, project, capsys):
        assert main(["export"]) == 0

        (row,) = csv.DictReader(io.StringIO(said(capsys)))
        assert (row["nodeid"], row["p50_ns"], row["runs"]) == ("a.py::test_=1+1", "2000000000", "1")

    def test_a_run_as_parquet_has_every_attempt(self, project):
        assert main(["export", "latest", "--format", "parquet", "--output", "out.parquet"]) == 0

        rows = pyarrow.parquet.read_table("out.parquet").to_pylist()
        assert [(row["nodeid"], row["outcome"]) for row in rows] == [
            ("a.py::test_=1+1", "passed"),
            ("a.py::test_b", "failed"),
        ]

    def test_only_what_is_asked_for_as_json(self, project, capsys):
        assert main(["export", "--format", "json", "--where", "dur:>3s"]) == 0
        assert json.loads(said(capsys))["tests"] == []

    def test_parquet_goes_to_a_file_only(self, project, capsys):
        assert main(["export", "--format", "parquet"]) == 2
        assert "--output" in capsys.readouterr().err


class TestPush:
    def test_the_newest_run_goes_out_with_the_token(self, project, receiver, monkeypatch, capsys):
        monkeypatch.setenv("LAPWING_TOKEN", "secret")

        assert main(["push", "--to", receiver, "--project", "a b"]) == 0

        ((path, authorization, body),) = Answering.got
        assert (path, authorization) == ("/api/v1/runs?project=a+b", "Bearer secret")
        assert body.startswith(b"\x1f\x8b")
        assert "1 run sent" in said(capsys)

    def test_what_cannot_be_sent_waits_and_goes_out_with_the_next(
        self, project, receiver, monkeypatch, capsys
    ):
        monkeypatch.setenv("LAPWING_TOKEN", "secret")
        Answering.status = 401

        assert main(["push", "--to", receiver]) == 2
        assert "1 waiting" in said(capsys)
        Answering.status = 200
        assert main(["push", "--to", receiver, "--queued"]) == 0

        assert "1 known there already" in said(capsys)
        assert list((project / ".lapwing" / "push-queue").iterdir()) == []

    def test_what_the_server_will_never_take_does_not_wait(self, project, receiver, monkeypatch, capsys):
        monkeypatch.setenv("LAPWING_TOKEN", "secret")
        Answering.status = 422

        assert main(["push", "--to", receiver]) == 1
        assert "not like this" in capsys.readouterr().err

    def test_a_queue_belongs_to_its_server(self, project, receiver, monkeypatch, capsys):
        monkeypatch.setenv("LAPWING_TOKEN", "secret")
        Answering.status = 403
        main(["push", "--to", receiver])
        Answering.got.clear()

        main(["push", "--to", receiver.replace("127.0.0.1", "localhost"), "--queued"])

        assert Answering.got == []

    @pytest.mark.parametrize("url", ["http://perf.example.org", "ftp://127.0.0.1", "perf"])
    def test_a_token_goes_nowhere_unprotected(self, project, url, monkeypatch):
        monkeypatch.setenv("LAPWING_TOKEN", "secret")

        assert main(["push", "--to", url]) == 2

    def test_without_a_token_it_says_how_to_get_one(self, project, monkeypatch, capsys):
        monkeypatch.delenv("LAPWING_TOKEN", raising=False)

        assert main(["push", "--to", "http://127.0.0.1:1"]) == 2
        assert "lapwing token create" in capsys.readouterr().err
