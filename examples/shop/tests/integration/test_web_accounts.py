import pytest

pytestmark = pytest.mark.api

PASSWORD = "battery staple"


def test_a_customer_registers_logs_in_and_out(visitor, new_email):
    fields = {"email": new_email(), "password": PASSWORD}
    visitor.ask("POST", "/accounts", fields)
    visitor.token = visitor.ask("POST", "/session", fields)[1]["token"]

    assert visitor.ask("GET", "/cart")[0] == 200
    visitor.ask("DELETE", "/session")
    assert visitor.ask("GET", "/cart")[0] == 401


def test_a_wrong_password_is_told_politely(visitor, new_email):
    fields = {"email": new_email(), "password": PASSWORD}
    visitor.ask("POST", "/accounts", fields)

    status, answer = visitor.ask("POST", "/session", fields | {"password": "wrong staple"})

    assert (status, answer) == (401, {"error": "wrong email or password"})


@pytest.mark.parametrize("body", [{"email": "a@example.org"}, {"email": "a@example.org", "password": 5}])
def test_a_missing_field_is_named(visitor, body):
    status, answer = visitor.ask("POST", "/accounts", body)

    assert status == 400
    assert answer["error"].endswith("is missing")


@pytest.mark.parametrize("path", ["/cart", "/orders"])
def test_nobody_sees_what_belongs_to_customers(visitor, path):
    assert visitor.ask("GET", path)[0] == 401


def test_a_made_up_session_is_refused(visitor):
    visitor.token = "x" * 32

    assert visitor.ask("GET", "/orders")[0] == 401
