"""Make, list and revoke the tokens by which people and CI jobs use a server.

A token is shown once, when it is made; the store keeps a hash of it. 'read' sees pages and asks the API,
'write' may push runs as well, 'admin' may also set states in the inbox.

examples:
  lapwing token create ci --scope write --project shop --expires 90d
  lapwing token list
  lapwing token revoke 3f1c9a02b7de
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.model.access import ANY_PROJECT, Scope
from lapwing.model.codec import FORMAT_VERSION
from lapwing.operations.tokens import create_token, revoke_token, token_dict, tokens
from lapwing.report.pages.tokens import tokens_page
from lapwing.units import parse_duration


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing token`."""
    acts = parser.add_subparsers(title="what to do", metavar="ACT", dest="act", required=True)
    create = acts.add_parser("create", help="make one and show it")
    create.add_argument("name", metavar="NAME", help="whom it is for")
    create.add_argument(
        "--scope", choices=[scope.value for scope in Scope], default="read", help="what it allows"
    )
    create.add_argument(
        "--project", default=ANY_PROJECT, metavar="NAME", help="only in this project (default: in all)"
    )
    create.add_argument("--expires", metavar="AGE", help="worth nothing after this, such as 90d")
    listed = acts.add_parser("list", help="list them")
    declare_format(listed)
    revoke = acts.add_parser("revoke", help="make one worthless")
    revoke.add_argument("id", metavar="ID", help="its id, as `lapwing token list` shows it")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Do what is asked."""
    if arguments.act == "create":
        return _create(arguments, desk)
    if arguments.act == "revoke":
        token = revoke_token(desk.store, arguments.id)
        desk.output.say(f"revoked {token.name} ({token.token_id})")
        return EXIT_OK
    found = tokens(desk.store)
    if arguments.format == "json":
        rows = [token_dict(token) for token in found]
        desk.output.json({"format_version": FORMAT_VERSION, "tokens": rows})
    else:
        desk.output.page(tokens_page(found))
    return EXIT_OK


def _create(arguments: argparse.Namespace, desk: Desk) -> int:
    expires = arguments.expires
    _, text = create_token(
        desk.store_or_new,
        name=arguments.name,
        scope=Scope(arguments.scope),
        project=arguments.project,
        valid_ns=parse_duration(expires, where="--expires") if expires else None,
    )
    desk.output.say_aside("it is shown this once:")
    desk.output.say(text)
    return EXIT_OK
