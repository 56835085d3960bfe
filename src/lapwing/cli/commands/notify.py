"""Tell people what is new in a run: regressions, broken budgets, leaks, flaky tests; and what recovered.

Channels are the addresses of `alerts` in [tool.lapwing], or of LAPWING_ALERTS: whatever apprise (extra
`alerts`) can send to, such as slack://, mailto:// or json://; and desktop. $NAME in an address is a variable
of the environment. A cause is told once while it lasts, once more when it becomes critical, and once when
it has recovered. What a channel does not take goes with the next call.

examples:
  lapwing notify                     after a run: tell what is new
  lapwing notify --test              send each channel a message that says that it works
  lapwing notify --list              what is open, without telling anybody

Exit codes: 0 everybody was told, 2 there is no run, or a channel did not take its messages.
"""

import argparse
from collections.abc import Sequence

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FAILED, EXIT_OK
from lapwing.model.notified import Delivery
from lapwing.report.page import Page
from lapwing.units import format_count


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing notify`."""
    declare_run(parser, may_be_baseline=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--test", action="store_true", help="only send each channel a message to try it")
    what.add_argument("--list", action="store_true", help="only show what is open")
    parser.add_argument(
        "--limit", type=positive, default=20, metavar="N", help="at most N alerts in a list (default: 20)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Tell, try or list."""
    from lapwing.operations.notify import notify, open_alerts, try_channels
    from lapwing.report.alert_documents import notified_dict, open_dict, tried_dict
    from lapwing.report.pages.alerts import alerts_page, delivery_section, open_section

    settings = desk.settings
    if arguments.list:
        still_open = open_alerts(settings)
        page = Page(
            "alerts",
            format_count(len(still_open), "open alert"),
            sections=(open_section(still_open, most=arguments.limit),),
        )
        _show(arguments, desk, open_dict(still_open), page)
        return EXIT_OK
    if arguments.test:
        deliveries = try_channels(settings, environ=desk.environ)
        said = f"{format_count(len(deliveries), 'channel')} tried"
        _show(
            arguments,
            desk,
            tried_dict(deliveries),
            Page("alerts", said, sections=(delivery_section(deliveries),)),
        )
        return _code(desk, deliveries)
    notified = notify(settings, desk.store, arguments.run, environ=desk.environ)
    _show(arguments, desk, notified_dict(notified), alerts_page(notified, most=arguments.limit))
    return _code(desk, notified.deliveries)


def _show(arguments: argparse.Namespace, desk: Desk, document: dict[str, object], page: Page) -> None:
    if arguments.format == "json":
        desk.output.json(document)
    else:
        desk.output.page(page)


def _code(desk: Desk, deliveries: Sequence[Delivery]) -> int:
    """2, and a word aside, where a channel did not take its messages."""
    for each in deliveries:
        if each.fault:
            left = format_count(len(each.waiting), "alert")
            desk.output.say_aside(f"{each.channel} did not take {left}: {each.fault}")
    return EXIT_FAILED if any(each.fault for each in deliveries) else EXIT_OK
