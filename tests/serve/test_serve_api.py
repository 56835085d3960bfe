"""The API answers as its description says."""

import csv
import io

import pyarrow.parquet
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings


def test_every_route_is_described(server):
    with server.client("read") as client:
        paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert {"/api/v1/runs", "/api/v1/runs/{id}", "/api/v1/tests", "/api/v1/live"} <= paths.keys()
    assert set(paths["/api/v1/runs"]) == {"get", "post"}


def test_the_filter_of_tests_is_exported_in_three_forms(server):
    with server.client("read") as client:
        query = {"q": "p95:>40ms test_shop", "sort": "p95"}
        as_json = client.get("/api/v1/tests", params=query).json()["tests"]
        as_csv = list(csv.DictReader(io.StringIO(client.get("/api/v1/tests.csv", params=query).text)))
        parquet = client.get("/api/v1/tests.parquet", params=query).content
    as_parquet = pyarrow.parquet.read_table(io.BytesIO(parquet)).to_pylist()

    names = [row["nodeid"] for row in as_json]
    assert names[0] == server.grew
    assert [row["nodeid"] for row in as_csv] == [row["nodeid"] for row in as_parquet] == names
    assert as_parquet[0]["p95_ns"] == as_json[0]["p95_ns"]


def test_a_comparison_names_what_became_slower(server):
    with server.client("read") as client:
        comparison = client.get("/api/v1/comparisons").json()
        findings = client.get("/api/v1/findings").json()["findings"]

    slower = [each["nodeid"] for each in comparison["comparisons"] if each["verdict"] == "regressed"]
    assert server.grew in slower
    assert server.grew in [each["nodeid"] for each in findings]


@pytest.mark.slow_suite
def test_no_request_of_the_description_breaks_the_server(server):
    with server.client("admin") as client:
        schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    headers = {"Authorization": f"Bearer {server.tokens['admin']}"}
    asked = []
    for found in schema.get_all_operations():

        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=found.ok().as_strategy())
        def ask(case):
            case.cookies = {}
            answer = case.call(base_url=server.url, headers=headers)
            assert answer.status_code < 500, (answer.request.url, answer.text[:300])

        ask()
        asked.append(found)

    assert len(asked) > 10
