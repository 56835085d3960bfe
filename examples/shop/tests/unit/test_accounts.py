import pytest
from shop.accounts import Accounts, hash_password, is_password
from shop.errors import InvalidInputError, NotLoggedInError

EMAIL, PASSWORD = "ada@example.org", "correct horse"


class TestPasswords:
    def test_a_password_is_recognized(self):
        assert is_password(PASSWORD, hash_password(PASSWORD))

    @pytest.mark.parametrize("guess", ["Correct horse", ""])
    def test_another_password_is_not(self, guess):
        assert not is_password(guess, hash_password(PASSWORD))

    def test_the_same_password_is_kept_differently_each_time(self):
        assert hash_password(PASSWORD) != hash_password(PASSWORD)

    def test_the_password_itself_is_not_kept(self):
        assert PASSWORD not in hash_password(PASSWORD)


class TestAccounts:
    @pytest.fixture
    def accounts(self, database):
        return Accounts(database)

    def test_a_customer_can_log_in(self, accounts):
        customer = accounts.register(EMAIL, PASSWORD)

        assert accounts.customer_of(accounts.login(EMAIL, PASSWORD)) == customer

    def test_the_case_of_an_address_does_not_matter(self, accounts):
        accounts.register(EMAIL, PASSWORD)

        assert accounts.login(EMAIL.upper(), PASSWORD)

    def test_an_address_can_be_registered_once(self, accounts):
        accounts.register(EMAIL, PASSWORD)

        with pytest.raises(InvalidInputError, match="registered already"):
            accounts.register(EMAIL, "another password")

    def test_a_wrong_password_gives_no_session(self, accounts):
        accounts.register(EMAIL, PASSWORD)

        with pytest.raises(NotLoggedInError, match="wrong email or password"):
            accounts.login(EMAIL, "wrong horse!")

    @pytest.mark.parametrize(("email", "password"), [("ada", PASSWORD), (EMAIL, "short")])
    def test_senseless_input_is_refused(self, accounts, email, password):
        with pytest.raises(InvalidInputError):
            accounts.register(email, password)

    def test_a_session_ends_at_logout(self, accounts):
        accounts.register(EMAIL, PASSWORD)
        token = accounts.login(EMAIL, PASSWORD)

        accounts.logout(token)

        with pytest.raises(NotLoggedInError):
            accounts.customer_of(token)

    def test_a_new_password_ends_all_sessions(self, accounts):
        accounts.register(EMAIL, PASSWORD)
        token = accounts.login(EMAIL, PASSWORD)

        accounts.change_password(EMAIL, PASSWORD, "battery staple")

        with pytest.raises(NotLoggedInError):
            accounts.customer_of(token)
        assert accounts.login(EMAIL, "battery staple")

    def test_a_customer_of_a_group_stays_in_it(self, accounts):
        customer = accounts.register(EMAIL, PASSWORD, group="trade")

        assert accounts.group_of(customer) == "trade"
