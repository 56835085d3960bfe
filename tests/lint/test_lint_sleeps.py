"""How long a sleep is, as far as the code tells."""

import pytest

LONG = [
    "time.sleep(0.01)",
    "time.sleep(5 * 0.01)",
    "time.sleep(secs=1)",
    "time.sleep(PAUSE)",
    "time.sleep(random.random() * 0.5)",
    "time.sleep(unknown())",
    "time.sleep(timedelta(milliseconds=20).total_seconds())",
    "for _ in range(20): time.sleep(0.001)",
    "for _ in (1, 2, 3): time.sleep(0.005)",
]
SHORT = [
    "time.sleep(0)",
    "time.sleep(0.001)",
    "time.sleep(TICK)",
    "for _ in range(5): time.sleep(0.001)",
    "time.sleep(timedelta(microseconds=20).total_seconds())",
]
HEAD = "import time, random\nfrom datetime import timedelta\nPAUSE = 0.5\nTICK = PAUSE / 1000\n"


@pytest.mark.parametrize("statement", LONG)
def test_a_sleep_over_the_threshold_is_found(places_in, statement):
    assert [code for code, _ in places_in(f"{HEAD}def test():\n    {statement}\n")] == ["LW101"]


@pytest.mark.parametrize("statement", SHORT)
def test_a_sleep_under_the_threshold_is_none(places_in, statement):
    assert places_in(f"{HEAD}def test():\n    {statement}\n") == []


def test_values_of_parametrize_count_with_the_longest(findings_in):
    source = (
        "import time, pytest\n@pytest.mark.parametrize('pause', [0.001, 2])\n"
        "def test(pause):\n    time.sleep(pause)\n"
    )

    (finding,) = findings_in(source)

    assert "2.00 s" in finding.message


def test_strict_finds_sleeps_of_any_length(places_in):
    assert places_in("import time\ndef test(): time.sleep(0.001)\n", strict=True) == [("LW101", 2)]


def test_a_poll_without_deadline_is_reported_once_and_as_such(places_in):
    source = "import time\ndef test(job):\n    while not job.done:\n        time.sleep(0.1)\n"

    assert places_in(source) == [("LW105", 4)]


@pytest.mark.parametrize(
    "loop",
    [
        "while time.time() < end and not job.done:",
        "for _ in range(50):\n        if job.done: break",
    ],
)
def test_a_poll_with_a_deadline_is_a_sleep(places_in, loop):
    source = f"import time\ndef test(job, end):\n    {loop}\n        time.sleep(0.1)\n"

    assert [code for code, _ in places_in(source)] == ["LW101"]


CUT = [
    "await asyncio.wait_for(asyncio.sleep(60), 0.1)",
    "async with asyncio.timeout(0.01): await asyncio.sleep(60)",
    "task = asyncio.create_task(asyncio.sleep(60)); task.cancel()",
    "class Inner:\n        @limited(timeout=0.01)\n        async def test(self): await self.wait()\n"
    "        async def wait(self): await asyncio.sleep(1)",
    "async def never(): await asyncio.sleep(3600)\n    t = asyncio.create_task(never()); t.cancel()",
    "async def some(span): await asyncio.sleep(span)\n    t = asyncio.create_task(some(3600)); t.cancel()",
]


@pytest.mark.parametrize("statement", CUT)
def test_a_long_asynchronous_sleep_that_is_cut_short_is_none(places_in, statement):
    assert places_in(f"import asyncio\nasync def test():\n    {statement}\n") == []


@pytest.mark.parametrize(
    ("run", "lines"),
    [
        ("await asyncio.wait_for(work(), timeout=20)", [4]),
        ("await asyncio.wait_for(work(), 0.1)", []),
        ("await asyncio.wait_for(work(), limit)", []),
        ("await serve(work, timeout=20)", [4]),
        ("await serve(work, timeout=0.1)", []),
        ("async with asyncio.timeout(20): await serve(work)", [4]),
    ],
)
def test_only_a_timeout_that_comes_before_cuts_a_fake_short(places_in, run, lines):
    source = f"""
        import asyncio
        async def test(serve, limit):
            async def work(): await asyncio.sleep(2)
            {run}
    """
    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(("limit", "lines"), [("timeout=5", [5]), ("timeout=0.1", []), ("", [])])
def test_a_sleep_that_ends_before_the_timeout_which_is_expected_is_not_cut_short(places_in, limit, lines):
    source = f"""
        import asyncio, pytest
        async def test(client):
            async def send():
                await asyncio.sleep(3)
            with pytest.raises(TimeoutError):
                await client.read(send, {limit})
    """
    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(
    ("setting", "lines"),
    [
        ("monkeypatch.setattr(worker, 'FLUSH_TIMEOUT', 0.5)", []),
        ("monkeypatch.setattr('worker.FLUSH_TIMEOUT', 0.5)", []),
        ("mock.patch.object(worker, 'flush_timeout', new=0.5).start()", []),
        ("monkeypatch.setattr(worker, 'FLUSH_TIMEOUT', 60)", [6]),
        ("monkeypatch.setattr(worker, 'FLUSH_SIZE', 0.5)", [6]),
    ],
)
def test_a_timeout_of_the_code_that_the_test_makes_shorter_cuts_a_fake_short(places_in, setting, lines):
    source = f"""
        import asyncio, worker
        from unittest import mock
        async def test(monkeypatch):
            {setting}
            async def hang(): await asyncio.sleep(5)
            await worker.run(hang)
    """
    assert [line for _, line in places_in(source)] == lines


def test_what_another_function_of_the_test_cancels_cuts_no_sleep_short(places_in):
    source = """
        import asyncio
        def test(run):
            async def canceler():
                await asyncio.sleep(1)
            async def other(task):
                task.cancel()
            run(canceler())
            run(other(1))
    """
    assert places_in(source) == [("LW101", 5)]


def test_only_a_failing_test_comes_to_an_except_that_is_no_retry(findings_in):
    source = (
        "import time\ndef test(job):\n    try: job()\n"
        "    except OSError:\n        time.sleep(1)\n        raise\n"
    )

    (finding,) = findings_in(source)

    assert not finding.gate


def test_files_that_cannot_be_taken_away_are_a_failure_also_where_it_is_tried_again(findings_in):
    source = (
        "import shutil, time\ndef test(path):\n    for _ in range(5):\n        try: {}\n"
        "        except OSError: time.sleep(1)\n"
    )
    (finding,) = findings_in(source.format("return shutil.rmtree(path)"))
    assert not finding.gate
    (finding,) = findings_in(source.format("return path.open()"))
    assert finding.gate


@pytest.mark.parametrize(
    ("body", "is_gate"),
    [
        ("if os.path.isfile(path): os.unlink(path); break", False),
        ("return HTTPServer(('', 8000), None)", False),
        ("return socketserver.TCPServer(('', 8000), None)", False),
        ("if os.path.isfile(path): ask(path); break", True),
        ("return ask(HTTPServer(('', 8000), None))", True),
        ("if os.path.isfile(path): break", True),
    ],
)
def test_a_retry_after_what_seldom_fails_informs(findings_in, body, is_gate):
    source = f"""
        import os, socketserver, time
        from http.server import HTTPServer
        def test(path, ask):
            for _ in range(5):
                try:
                    {body}
                except OSError: time.sleep(1)
    """

    (finding,) = findings_in(source)

    assert finding.gate is is_gate


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ("asyncio.sleep(1)", False),
        ("tornado.gen.sleep(1)", False),
        ("await asyncio.sleep(1)", True),
        ("yield tornado.gen.sleep(1)", True),
        ("run(asyncio.sleep(1))", True),
        ("gevent.sleep(1)", True),
    ],
)
def test_a_coroutine_that_nobody_awaits_does_not_sleep(places_in, statement, is_found):
    source = f"import asyncio, gevent, tornado.gen\nasync def test(run):\n    {statement}\n"

    assert bool(places_in(source)) is is_found


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("await asyncio.sleep(2)\n        await broker.shutdown()", True),
        ("broker.cancel_later()\n        await asyncio.sleep(2)", False),
        ("while broker.runs:\n            await asyncio.sleep(2)\n            broker.terminate()", False),
    ],
)
def test_what_a_coroutine_ends_after_its_sleep_cuts_none_short(places_in, body, is_found):
    main = f"async def main():\n        {body}"

    source = f"import asyncio\ndef test(loop):\n    {main}\n    loop.run_until_complete(main())\n"

    assert bool(places_in(source)) is is_found


def test_a_sleep_after_a_task_is_canceled_is_no_failure(places_in):
    source = (
        "import asyncio\nasync def test(run):\n    try: await run()\n"
        "    except asyncio.CancelledError: await asyncio.sleep(0.1)\n"
    )
    assert places_in(source) == [("LW101", 4)]


@pytest.mark.parametrize(
    ("pool", "lines"),
    [
        ("from concurrent.futures import ThreadPoolExecutor as Pool", [4]),
        ("from concurrent.futures import ProcessPoolExecutor as Pool", []),
        ("from multiprocessing.pool import Pool", []),
    ],
)
def test_only_in_a_process_a_long_sleep_is_ended_as_its_future_is_canceled(places_in, pool, lines):
    source = (
        f"import time\n{pool}\ndef test():\n    def work(): time.sleep(15)\n"
        "    with Pool() as pool:\n        future = pool.submit(work)\n        future.cancel()\n"
    )
    assert [line for code, line in places_in(source) if code == "LW101"] == lines


def test_a_long_sleep_in_a_daemon_thread_is_waited_for_by_nobody(places_in):
    source = (
        "import threading, time\ndef test():\n    def last(): time.sleep(20)\n"
        "    threading.Thread(target=last{}).start()\n"
    )
    assert places_in(source.format(", daemon=True")) == []
    assert places_in(source.format("")) == [("LW101", 3)]


def test_an_endless_loop_of_a_thread_is_waited_for_by_nobody(places_in):
    source = """
        import threading, time
        def test(beat):
            def forever():
                while True:
                    beat()
                    time.sleep(0.1)
            threading.Thread(target=forever, daemon=True).start()
    """

    assert places_in(source) == []


LEFT = [
    "while True:\n            if done(): return\n            time.sleep(0.1)",
    "while True:\n            assert not late()\n            time.sleep(0.1)",
    "try:\n            while True: done(); time.sleep(0.1)\n        except StopIteration: pass",
    "while not done():\n            time.sleep(0.1)",
]


@pytest.mark.parametrize("loop", LEFT)
def test_a_loop_that_can_be_left_is_waited_for(places_in, loop):
    source = f"import time\ndef test(run, done, late):\n    def wait():\n        {loop}\n    run(wait)\n"

    assert len(places_in(source)) == 1


def test_a_helper_sleeps_as_long_as_its_callers_ask_for(places_in):
    source = """
        import time
        def settle(seconds): time.sleep(seconds)
        def test(): settle(seconds=0.001)
    """

    assert places_in(source) == []
    assert places_in(source + "    def test_long(): settle(2)\n") == [("LW101", 3)]


def test_a_stand_in_for_forever_is_ended_by_who_names_it(places_in):
    source = """
        import time
        def forever(): time.sleep(20)
        def test(start):
            child = start(forever)
            child.terminate()
    """

    assert places_in(source) == []
    assert len(places_in(source.replace("child.terminate()", "child.wait()"))) == 1


@pytest.mark.parametrize(
    ("library", "limit", "lines"),
    [("gevent", "network_timeout=0.1", []), ("gevent", "size=1", [4]), ("time", "network_timeout=0.1", [4])],
)
def test_a_green_thread_of_a_server_holds_nobody_up_who_has_a_timeout(places_in, library, limit, lines):
    source = f"""
        import gevent, time
        def silent(sock, addr):
            {library}.sleep(10)
        def test(server, ask):
            with server(silent): ask({limit})
    """
    assert [line for _, line in places_in(source)] == lines


def test_outside_a_test_nobody_waits_for_half_a_minute(findings_in):
    (finding,) = findings_in("import time\ndef test(run):\n    def work(): time.sleep(60)\n    run(work)\n")
    (own,) = findings_in("import time\ndef test(): time.sleep(60)\n")

    assert (finding.gate, own.gate) == (False, True)


def test_a_loop_that_watches_for_a_span_takes_as_long(places_in):
    source = """
        import time
        def test(job):
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline:
                assert job.holds
                time.sleep(0.005)
    """

    assert places_in(source) == [("LW101", 7)]
    assert places_in(source.replace("assert job.holds", "if job.done: break")) == []


def test_the_sleep_of_a_thing_that_the_test_makes_counts_with_less_confidence(findings_in):
    (finding,) = findings_in("from api import Client\ndef test():\n    c = Client()\n    c.sleep(6)\n")

    assert (finding.code, finding.gate, finding.confidence) == ("LW101", True, "medium")


@pytest.mark.parametrize("made", ["clock = Clock()", "api = FakeApi()", "api = 3", "pass"])
def test_the_sleep_of_a_fake_or_of_what_is_not_known_is_none(places_in, made):
    name = "clock" if "clock" in made else "api"

    assert places_in(f"from api import *\ndef test(api):\n    {made}\n    {name}.sleep(6)\n") == []


@pytest.mark.parametrize(("module", "asked"), [("trio", "autojump_clock"), ("anyio", "mock_clock")])
def test_a_clock_that_jumps_makes_the_sleeps_of_its_loop_unreal(places_in, module, asked):
    source = f"import {module}\nasync def test({asked}): await {module}.sleep(9)\n"

    assert places_in(source) == []
    assert places_in(source.replace(asked, "other")) == [("LW101", 2)]


CLOCK = "MockClock(autojump_threshold=0)"
JUMPING = {
    "a case of the backend": (
        f"@pytest.mark.parametrize('anyio_backend', [pytest.param(('trio', {{'clock': {CLOCK}}}))])\n"
        "async def test(): await anyio.sleep(9)\n"
    ),
    "the mark of the module": (
        f"pytestmark = pytest.mark.parametrize('anyio_backend', [('trio', {{'clock': {CLOCK}}})])\n"
        "async def test(): await anyio.sleep(9)\n"
    ),
    "the fixture of the backend": (
        f"@pytest.fixture\ndef anyio_backend(): return 'trio', {{'clock': {CLOCK}}}\n"
        "async def test(): await anyio.sleep(9)\n"
    ),
    "a run of the test's own": (
        f"def test():\n    async def wait(): await trio.sleep(9)\n    trio.run(wait, clock={CLOCK})\n"
    ),
}


@pytest.mark.parametrize("source", JUMPING.values(), ids=JUMPING)
def test_the_clock_that_trio_has_for_tests_makes_sleeps_unreal(places_in, source):
    source = f"import anyio, pytest, trio\nfrom trio.testing import MockClock\n{source}"

    assert places_in(source) == []
    assert len(places_in(source.replace(CLOCK, "Clock()"))) == 1


OWN_CLOCK = {
    "around what the test does": (
        "async def test():\n    async def wait(): await asyncio.sleep(9)\n"
        "    with {}().patch_loop():\n        await wait()\n"
    ),
    "as the loop it runs on": "def test():\n    {}().run_until_complete(asyncio.sleep(9))\n",
    "around all who call": (
        "async def wait(): await asyncio.sleep(9)\n"
        "async def test():\n    with {}().patch_loop():\n        await wait()\n"
    ),
    "in the hook of the loop": (
        "def pytest_asyncio_loop_factories():\n    return {{'own': {}}}\n"
        "async def test(): await asyncio.sleep(9)\n"
    ),
    "in the fixture of the loop": (
        "@pytest.fixture\ndef event_loop():\n    loop = {}()\n    yield loop\n    loop.close()\n"
        "async def test(): await asyncio.sleep(9)\n"
    ),
}


@pytest.mark.parametrize(
    "clock", ["VirtualClock", "aiotools.VirtualClock", "TimeTrackingTestLoop", "FakeEventLoop"]
)
@pytest.mark.parametrize("source", OWN_CLOCK.values(), ids=OWN_CLOCK)
def test_a_projects_own_clock_makes_sleeps_of_its_loop_unreal(places_in, source, clock):
    head = "import aiotools, asyncio, pytest\n"

    assert places_in(head + source.format(clock)) == []
    assert len(places_in(head + source.format("asyncio.SelectorEventLoop"))) == 1
    assert (
        len(
            places_in(
                (head + source.format(clock))
                .replace("asyncio.sleep(9)", "run(time.sleep(9))")
                .replace("aiotools, ", "time, aiotools, ")
            )
        )
        == 1
    )


@pytest.mark.parametrize(
    ("use", "lines"),
    [
        ("await work(0.3)", [4]),
        ("await work(delay=0.001)", []),
        ("await asyncio.gather(work(0), work(0.002))", []),
        ("await asyncio.gather(work(0), work(0.3))", [4]),
        ("run(work, 0.001)", []),
        ("run(work, *delays)", [4]),
        ("async def twice(span): await work(span / 2)\n            await twice(0.002)", []),
        ("run(work)", [4]),
    ],
)
def test_a_function_in_a_test_sleeps_as_long_as_the_test_asks(places_in, use, lines):
    source = f"""
        import asyncio
        async def test(run, delays):
            async def work(delay): await asyncio.sleep(delay)
            {use}
    """
    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(("default", "lines"), [("0", []), ("0.3", [4])])
def test_a_function_in_a_test_that_is_given_nothing_sleeps_by_its_default(places_in, default, lines):
    source = f"""
        import asyncio
        async def test():
            async def work(delay={default}): await asyncio.sleep(delay)
            await work()
    """
    assert [line for _, line in places_in(source)] == lines


HANDED_ON = [
    "Thread(target=settle, args=(0.5,)).start()",
    "Thread(target=settle, kwargs={'seconds': 0.5}).start()",
    "pool.submit(settle, 0.5)",
    "pool.submit(settle, seconds=0.5)",
    "retried(settle)(0.5)",
    "retried(settle)(seconds=0.5)",
    "settle(0.5)",
]


@pytest.mark.parametrize("use", HANDED_ON)
def test_a_helper_sleeps_as_long_as_the_most_patient_of_its_users_asks(findings_in, use):
    source = f"""
        import time
        from threading import Thread
        def settle(seconds=0.001): time.sleep(seconds)
        def test_default(): settle()
        def test(pool): {use}
    """

    (finding,) = [each for each in findings_in(source) if each.gate]

    assert "500 ms" in finding.message


def test_a_helper_that_is_handed_on_with_short_times_is_none(places_in):
    source = """
        import time
        def settle(seconds): time.sleep(seconds)
        def test(pool): pool.submit(settle, 0.001); settle(0)
    """

    assert places_in(source) == []


@pytest.mark.parametrize("arguments", ["*times", "args=times", "**times"])
def test_what_a_helper_is_given_in_a_way_that_cannot_be_read_is_unknown(places_in, arguments):
    use = f"pool(target=settle, {arguments})" if "args" in arguments else f"settle({arguments})"
    source = f"""
        import time
        def settle(seconds): time.sleep(seconds)
        def test(pool, times): {use}; settle(0.001)
    """

    assert places_in(source) == [("LW101", 3)]


@pytest.mark.parametrize("growth", ["pause += 0.001", "pause *= 2"])
def test_a_sleep_that_grows_with_each_round_is_as_long_as_nobody_knows(places_in, growth):
    source = f"""
        import time
        def test(job):
            pause = 0.001
            for _ in range(3):
                time.sleep(pause)
                {growth}
    """

    assert places_in(source) == [("LW101", 6)]


@pytest.mark.parametrize("use", ["wrapped(time.sleep)(0.5)", "wrapped(time.sleep, strict=True)(0.5)"])
def test_a_sleep_that_is_wrapped_and_called_at_once_is_found(findings_in, use):
    (finding,) = findings_in(f"import time\ndef test(wrapped):\n    {use}\n")

    assert finding.gate
    assert "500 ms" in finding.message


@pytest.mark.parametrize(("asked", "lines"), [("", []), ("delay=0.3", [8]), ("0.002", []), ("0.3", [8])])
def test_an_object_sleeps_as_long_as_who_makes_it_asks(places_in, asked, lines):
    source = f"""
        import time
        class SlowServer:
            def __init__(self, delay=0.0):
                self._delay = delay

            def answer(self):
                time.sleep(self._delay)

        def test_quick(): SlowServer().answer()
        def test_slow(): SlowServer({asked}).answer()
    """

    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(
    ("asked", "lines"), [("", []), ("delay_ms=5", []), ("delay_ms=50", [5]), ("50", [5])]
)
def test_an_object_keeps_what_it_is_asked_for_in_another_unit(places_in, asked, lines):
    source = (
        "import time\nclass Exporter:\n    def __init__(self, delay_ms=0.0): self.delay = delay_ms / 1e3\n"
        f"    def export(self):\n        time.sleep(self.delay)\ndef test(): Exporter({asked}).export()\n"
    )

    assert [line for _, line in places_in(source)] == lines


def test_a_sleep_from_a_module_of_which_all_is_imported_is_found(places_in):
    assert places_in("from time import *\ndef test(): sleep(1)\n") == [("LW101", 2)]


@pytest.mark.parametrize(
    ("use", "is_waited_for"),
    [("cool_down()", True), ("Thread(target=cool_down, daemon=True).start()", False)],
)
def test_a_very_long_sleep_is_waited_for_where_the_file_calls_it(places_in, use, is_waited_for):
    source = f"""
        import time
        from threading import Thread
        def cool_down(seconds=180): time.sleep(seconds)
        def test(): {use}
    """

    assert (places_in(source) == [("LW101", 4)]) is is_waited_for


@pytest.mark.parametrize("endless", ["count()", "itertools.count(1)", "itertools.cycle('ab')"])
def test_a_for_without_end_polls_as_a_while_does(places_in, endless):
    source = f"""
        import itertools, time
        from itertools import count
        def test(job):
            for _ in {endless}:
                if job.done: break
                time.sleep(0.1)
    """

    assert places_in(source) == [("LW105", 7)]


@pytest.mark.parametrize(
    ("cases", "codes"),
    [
        ("[pytest.param(1, marks=pytest.mark.slow)]", []),
        ("[0, pytest.param(1, marks=[pytest.mark.slow_db])]", []),
        ("[0, pytest.param(1, marks=pytest.mark.skip)]", []),
        ("[pytest.param(1, marks=pytest.mark.database)]", ["LW101"]),
        ("[1, pytest.param(2, marks=pytest.mark.slow)]", ["LW101"]),
    ],
)
def test_a_case_that_is_marked_as_slow_may_sleep(places_in, cases, codes):
    source = f"""
        import time, pytest
        @pytest.mark.parametrize("seconds", {cases})
        def test(seconds): time.sleep(seconds)
    """

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("default", "lines"),
    [
        ("'0.5'", [2]),
        ("'0'", []),
        ("'0.001'", []),
        ("0.5", [2]),
        ("0.001", []),
        ("'long'", [2]),
        ("None", [2]),
    ],
)
def test_a_variable_of_the_environment_is_its_default(places_in, default, lines):
    source = f"import os, time\ndef test(): time.sleep(float(os.environ.get('PAUSE', {default})))\n"

    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(("limit", "lines"), [("0.01", []), ("SPAN / 10", []), ("60", [5])])
def test_a_coroutine_that_is_run_with_a_shorter_timeout_is_cut_short(places_in, limit, lines):
    source = f"""
        import asyncio
        SPAN = 0.5
        def test(run):
            async def wait(): await asyncio.sleep(SPAN)
            run(wait(), timeout={limit})
    """

    assert [line for _, line in places_in(source)] == lines


def test_a_sleep_of_a_thing_that_gives_something_is_another_thing(places_in):
    kept = "def test():\n    net = Net()\n    event = net.sleep(1.0)\n    assert event.seconds == 1\n"

    assert places_in(kept) == []
    assert places_in(kept.replace("event = ", "")) == [("LW101", 3)]


def test_what_an_object_is_made_with_decides_no_condition_by_its_default(places_in):
    source = """
        import time
        class Server:
            def __init__(self, wait=False):
                self.wait = wait
            def start(self):
                if self.wait:
                    time.sleep(2)
        def test():
            Server(wait=True).start()
    """
    assert places_in(source) == [("LW101", 8)]


LEFT_BEHIND = {
    "a thread that nobody keeps": "    Thread(target=work, daemon=True).start()\n",
    "a thread that is only asked": (
        "    t = Thread(target=work)\n    t.daemon = True\n    t.start()\n    assert t.is_alive()\n"
    ),
    "a thread that is waited for no longer": (
        "    t = Thread(target=work)\n    t.setDaemon(True)\n    t.start()\n    t.join(timeout=0.01)\n"
    ),
    "a process that is killed": (
        "    p = Process(target=work)\n    p.start()\n    p.terminate()\n    p.join()\n"
    ),
}
WAITED_FOR = {
    "no daemon": "    Thread(target=work).start()\n",
    "no daemon, not for long": "    t = Thread(target=work)\n    t.start()\n    t.join(0.01)\n",
    "joined": "    t = Thread(target=work, daemon=True)\n    t.start()\n    t.join()\n",
    "joined for longer": ("    t = Thread(target=work, daemon=True)\n    t.start()\n    t.join(timeout=5)\n"),
    "joined by a function in the test": (
        "    t = Thread(target=work, daemon=True)\n    t.start()\n    def end(): t.join()\n    end()\n"
    ),
    "handed on": "    t = Thread(target=work, daemon=True)\n    end_later(t)\n",
    "kept on the test": "    self.t = Thread(target=work, daemon=True)\n    self.t.start()\n",
    "called, too": "    Thread(target=work, daemon=True).start()\n    work()\n",
    "a process that is waited for": "    p = Process(target=work)\n    p.start()\n    p.join()\n",
    "a process that nobody kills": "    Process(target=work).start()\n",
}


@pytest.mark.parametrize("start", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_sleep_at_the_end_of_what_the_test_leaves_behind_is_none(places_in, start, is_inside):
    assert [code for code, _ in places_in(_started(start, is_inside)) if code == "LW101"] == []


@pytest.mark.parametrize("start", WAITED_FOR.values(), ids=WAITED_FOR)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_sleep_of_a_thread_or_process_that_is_waited_for_counts(places_in, start, is_inside):
    assert [code for code, _ in places_in(_started(start, is_inside)) if code == "LW101"] == ["LW101"]


@pytest.mark.parametrize(
    "work", ["    time.sleep(1)\n    done.set()\n", "    with lock:\n        time.sleep(1)\n"]
)
def test_a_sleep_in_such_a_thread_counts_where_others_wait_for_what_follows(places_in, work):
    source = (
        f"import time\nfrom threading import Thread\ndef work():\n{work}"
        "def test(): Thread(target=work, daemon=True).start()\n"
    )

    assert [code for code, _ in places_in(source)] == ["LW101"]


def test_a_function_of_the_same_name_in_another_test_is_another_one(places_in):
    work = "    def work():\n        time.sleep(1)\n    t = Thread(target=work, daemon=True)\n    t.start()\n"
    head = "import time\nfrom threading import Thread\n"
    source = f"{head}def test_first():\n{work}def test_second():\n{work}    t.join()\n"

    assert places_in(source) == [("LW101", 10)]


def _started(start, is_inside):
    head = "import time\nfrom threading import Thread\nfrom multiprocessing import Process\n"
    if is_inside:
        return f"{head}def test(self=None):\n    def work():\n        time.sleep(1)\n{start}"
    return f"{head}def work():\n    time.sleep(1)\ndef test(self=None):\n{start}"


@pytest.mark.parametrize("called", ["function(*args, **kwargs)", "download(url)"])
def test_a_sleep_after_the_failure_of_what_is_tried_again_only_informs(findings_in, called):
    source = (
        "import time\ndef again(function, url, *args, **kwargs):\n    for _ in range(3):\n        try:\n"
        f"            return {called}\n        except OSError:\n            time.sleep(1)\n"
        "def test(): again(open, 'x')\n"
    )

    assert [each.gate for each in findings_in(source)] == [False]
    polling = source.replace(called, "connect(url)")
    assert any(each.gate for each in findings_in(polling))


@pytest.mark.parametrize(("error", "codes"), [("ValueError", []), ("Expired", ["LW101"])])
def test_a_sleep_behind_a_mistake_that_is_expected_never_comes(places_in, error, codes):
    source = (
        "import time, pytest\nfrom job import Expired, start\ndef test():\n"
        f"    with pytest.raises({error}):\n        start(-1)\n        time.sleep(1)\n"
    )

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(("limit", "codes"), [("1", ["LW101"]), ("0.001", [])])
def test_a_sleep_in_a_context_with_a_timeout_takes_no_longer_than_that(places_in, limit, codes):
    source = (
        f"import time\ndef wait():\n    with Timeout({limit}):\n        time.sleep(100)\ndef test(): wait()\n"
    )

    assert [code for code, _ in places_in(source)] == codes


def test_a_sleep_in_a_chain_of_calls_counts_where_its_thing_is_kept(places_in):
    source = (
        "from easy import Job\ndef test():\n    job = Job('x').start().sleep(0.5)\n    assert job.code == 0\n"
    )

    assert places_in(source) == [("LW101", 3)]


IDLE = [
    "import threading\ndef test(): threading.Event().wait(1)\n",
    "from threading import Event\ndef test(job):\n    e = Event(); job.run(); e.wait(timeout=1)\n",
    "import select\ndef test(): select.select([], [], [], 1)\n",
    "import select\ndef test(): select.poll().poll(1000)\n",
    "from PyQt5 import QtCore\ndef test(qtbot): qtbot.wait(1000)\n",
    "from PyQt6.QtTest import QTest\ndef test(): QTest.qWait(1000)\n",
    "from PySide6 import QtCore\ndef test(): QtCore.QThread.msleep(1000)\n",
]
NOT_IDLE = [
    "import threading\ndef test(job):\n    e = threading.Event(); job.run(e.set); e.wait(1)\n",
    "import threading\ndef test(job):\n    e = threading.Event(); job.run(e); e.wait(1)\n",
    "import select\ndef test(s): select.select([s], [], [], 1)\n",
    "import select\ndef test(s):\n    p = select.poll(); p.register(s); p.poll(1000)\n",
    "from PyQt5 import QtCore\ndef test(qtbot): qtbot.wait(5)\n",
    "from PyQt5 import QtCore\ndef test(qtbot, w): qtbot.waitUntil(w.done, timeout=1000)\n",
    "from PyQt6.QtTest import QTest\ndef test(): QTest.qWait(1)\n",
]


@pytest.mark.parametrize("source", IDLE)
def test_a_wait_that_only_its_timeout_ends_is_a_sleep(findings_in, source):
    [found] = findings_in(source)

    assert (found.code, found.gate) == ("LW101", True)
    assert "waits 1.00 s" in found.message


@pytest.mark.parametrize("source", NOT_IDLE)
def test_a_wait_that_something_else_may_end_is_none(places_in, source):
    assert places_in(source) == []


@pytest.mark.parametrize(
    "condition", ["platform.python_implementation() == 'PyPy'", "sys.implementation.name == 'pypy'"]
)
def test_a_sleep_on_another_implementation_of_python_is_none(places_in, condition):
    source = f"import platform, sys, time\ndef test():\n    if {condition}:\n        time.sleep(1)\n"

    assert places_in(source) == []
    assert places_in(source.replace("==", "!=")) == [("LW101", 4)]


@pytest.mark.parametrize(
    "condition",
    ["support.Py_GIL_DISABLED", "IS_FREE_THREADED", "is_free_threaded()", "not sys._is_gil_enabled()"],
)
def test_a_test_of_a_python_without_the_lock_is_skipped(places_in, condition):
    source = f"import sys, time, pytest\n@pytest.mark.skipif(not {condition})\ndef test(): time.sleep(1)\n"

    assert places_in(source) == []
    assert places_in(source.replace("if(not", "if(")) == [("LW101", 3)]


def test_the_resolution_of_a_clock_is_next_to_nothing(places_in):
    source = "import time\ndef test(): time.sleep(time.get_clock_info('monotonic').resolution)\n"

    assert places_in(source) == []


CUT_SHORT = {
    "a task that is canceled by its name": (
        "async def test():\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    task = asyncio.create_task(slow())\n    await asyncio.sleep(0)\n    task.cancel()\n"
    ),
    "a function that is given a shorter timeout": (
        "async def test(run):\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    await run(slow, timeout=0.01)\n"
    ),
    "a decorator with a shorter timeout": (
        "async def test():\n    @timeout(0.01)\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    await slow()\n"
    ),
    "a group of tasks that is expected to fail": (
        "async def test():\n    async def slow(): await asyncio.sleep(5)\n"
        "    with pytest.raises(ExceptionGroup):\n        async with asyncio.TaskGroup() as group:\n"
        "            group.create_task(slow())\n            group.create_task(fail())\n"
    ),
    "beside a task of a group that is expected to fail": (
        "async def test():\n    with pytest.raises(OSError):\n"
        "        async with anyio.create_task_group() as group:\n"
        "            group.start_soon(fail)\n            await anyio.sleep(5)\n"
    ),
    "a failure if it came to its end": (
        "async def test(run):\n    with pytest.raises(KeyboardInterrupt):\n        run()\n"
        "        await asyncio.sleep(5)\n        pytest.fail('not interrupted')\n"
    ),
    "a failure after the group around": (
        "async def test(run):\n    async with anyio.create_task_group() as group:\n"
        "        group.start_soon(run)\n        await anyio.sleep(5)\n    assert False\n"
    ),
    "a timeout of gevent": ("def test():\n    with gevent.Timeout(0.001, False):\n        gevent.sleep(5)\n"),
    "the child of a fork that is killed": (
        "def test():\n    pid = spawn.fork()\n    if pid == 0:\n        time.sleep(5)\n    os.kill(pid, 9)\n"
    ),
}
NOT_CUT_SHORT = {
    "a task that is awaited": (
        "async def test():\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    task = asyncio.create_task(slow())\n    await task\n"
    ),
    "a second task of the same function": (
        "async def test():\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    task = asyncio.create_task(slow())\n    task.cancel()\n    await slow()\n"
    ),
    "a decorator with a longer timeout": (
        "async def test():\n    @timeout(5)\n    async def slow(): await asyncio.sleep(0.5)\n"
        "    await slow()\n"
    ),
    "a group of tasks that is not expected to fail": (
        "async def test():\n    async with anyio.create_task_group() as group:\n"
        "        group.start_soon(done)\n        await anyio.sleep(5)\n"
    ),
    "a failure after a poll": (
        "async def test(done):\n    for _ in range(5):\n        if done(): return\n"
        "        await asyncio.sleep(1)\n    pytest.fail('not done')\n"
    ),
    "a failure after a branch": (
        "async def test(done):\n    if done():\n        await asyncio.sleep(1)\n        return\n"
        "    pytest.fail('not done')\n"
    ),
    "a thread's own sleep before a failure": (
        "def test(run):\n    with pytest.raises(KeyboardInterrupt):\n        run()\n"
        "        time.sleep(5)\n        pytest.fail('not interrupted')\n"
    ),
    "the child of a fork that is waited for": (
        "def test():\n    pid = spawn.fork()\n    if pid == 0:\n        time.sleep(5)\n"
        "    os.waitpid(pid, 0)\n"
    ),
    "the parent of a fork": (
        "def test():\n    pid = spawn.fork()\n    if pid:\n        time.sleep(5)\n    os.kill(pid, 9)\n"
    ),
}
MODULES = "import asyncio, anyio, gevent, os, pytest, time\nfrom pool import spawn\n"


@pytest.mark.parametrize("source", CUT_SHORT.values(), ids=CUT_SHORT)
def test_a_sleep_that_something_ends_is_none(places_in, source):
    assert places_in(MODULES + source) == []


@pytest.mark.parametrize("source", NOT_CUT_SHORT.values(), ids=NOT_CUT_SHORT)
def test_a_sleep_that_comes_to_its_end_counts(places_in, source):
    assert [code for code, _ in places_in(MODULES + source)] == ["LW101"]


def test_a_pool_that_maps_sleep_over_durations_waits_for_them(places_in):
    source = "import time\nfrom pool import pool\ndef test(): pool.map(time.sleep, [{}])\n"

    assert places_in(source.format("0.1, 0.1")) == [("LW101", 3)]
    assert places_in(source.format("0, 0")) == []


@pytest.mark.parametrize(
    ("use", "codes"), [("assert not p.is_alive()", []), ("p.start()", ["LW103"]), ("start(p)", ["LW103"])]
)
def test_a_process_object_that_nothing_starts_is_no_process(places_in, use, codes):
    source = f"from multiprocessing import Process\ndef test():\n    p = Process(target=print)\n    {use}\n"

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("seconds", "codes"),
    [
        ("1 if sys.platform == 'win32' else 0", []),
        ("0 if os.name != 'nt' else 1", []),
        ("1 if platform.system() == 'Linux' else 0", ["LW101"]),
        ("1 if is_slow else 0", ["LW101"]),
    ],
)
def test_a_duration_on_another_system_is_not_that_of_this_one(places_in, seconds, codes):
    source = f"import os, platform, sys, time\ndef test(is_slow):\n    time.sleep({seconds})\n"

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("given", "codes"), [(", sleep=print", []), ("", ["LW105"]), (", sleep=time.sleep", ["LW105"])]
)
def test_a_sleep_that_all_callers_replace_by_an_argument_is_none(places_in, given, codes):
    source = (
        "import time\ndef wait_for(done, sleep=time.sleep):\n    while not done():\n        sleep(0.1)\n"
        f"def test(done): wait_for(done{given})\n"
    )

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("made", "is_found"),
    [
        ("Feeder(1, delay=0.001)", False),
        ("Feeder(1, 0.001), Feeder(2, 0.002)", False),
        ("Feeder(1, 0.001), Feeder(2)", True),
        ("Feeder(1)", True),
    ],
)
def test_a_constructor_is_given_what_the_file_makes_its_objects_with(places_in, made, is_found):
    source = f"""
        import threading, time
        from queues import Queue
        class Other(Queue):
            def __init__(self): super().__init__(1)
        class Feeder(Queue):
            def __init__(self, size, delay=0.1):
                super().__init__(size)
                threading.Thread(target=self.feed, args=(delay,)).start()
            def feed(self, delay):
                time.sleep(delay)
        def test(): assert ({made})
    """

    assert bool(places_in(source)) is is_found


def test_a_sleep_in_a_scope_that_is_canceled_is_none(places_in):
    source = (
        "import anyio\nasync def test():\n    with anyio.CancelScope() as scope:\n        scope.cancel()\n"
        "        await anyio.sleep(1)\n"
    )

    assert places_in(source) == []


LONG = "import asyncio, pytest\nasync def slow():\n    await asyncio.sleep(6)\n"


@pytest.mark.parametrize("use", ["serve(slow)", "patch('job.connect', slow)", "start(slow())"])
def test_a_long_asynchronous_sleep_outside_of_a_test_is_ended_before(findings_in, use):
    assert [each.gate for each in findings_in(f"{LONG}async def test(): {use}\n")] == [False]


@pytest.mark.parametrize(
    "source",
    [
        f"{LONG}async def test(): await slow()\n",
        f"{LONG}def test(): asyncio.run(slow())\n",
        f"{LONG}def test(): asyncio.run(job(slow))\n",
        f"{LONG}async def test(): await job(slow)\n",
        f"{LONG.replace('async def', '@pytest.fixture' + chr(10) + 'async def')}def test(slow): ...\n",
        f"{LONG.replace('6', '4')}async def test(): serve(slow)\n",
        "import asyncio\nasync def test(): await asyncio.sleep(6)\n",
    ],
)
def test_a_long_asynchronous_sleep_that_is_awaited_counts(places_in, source):
    assert [code for code, _ in places_in(source)] == ["LW101"]


LOOP = """
import asyncio, time, pytest, unittest
class QuickLoop(asyncio.SelectorEventLoop):
    now = 0.0
    def time(self): return self.now
"""
ON_LOOP = {
    "fixture": (
        "@pytest.fixture\ndef loop(): return QuickLoop()\n"
        "def test(loop):\n    async def wait(): await asyncio.sleep(9)\n    loop.run_until_complete(wait())\n"
    ),
    "set-up": (
        "class TestIt(unittest.TestCase):\n    def setUp(self): self.loop = QuickLoop()\n"
        "    def test(self):\n        async def wait(): await asyncio.sleep(9)\n"
        "        self.loop.run_until_complete(wait())\n"
    ),
    "runner": (
        "def run(job): QuickLoop().run_until_complete(job)\n"
        "def test():\n    async def wait(): await asyncio.sleep(9)\n    run(wait())\n"
    ),
    "decorator": (
        "def quick(test):\n    def run(): QuickLoop().run_until_complete(test())\n    return run\n"
        "@quick\nasync def test(): await asyncio.sleep(9)\n"
    ),
    "factory": (
        "class TestIt(unittest.IsolatedAsyncioTestCase):\n    loop_factory = QuickLoop\n"
        "    async def test(self): await asyncio.sleep(9)\n"
    ),
}


@pytest.mark.parametrize("source", ON_LOOP.values(), ids=ON_LOOP)
def test_a_loop_that_tells_the_time_itself_makes_its_sleeps_unreal(places_in, source):
    assert places_in(LOOP + source) == []
    assert len(places_in(LOOP.replace("def time(self)", "def times(self)") + source)) == 1
    assert len(places_in(LOOP.replace("return self.now", "return super().time()") + source)) == 1
    assert len(places_in(LOOP.replace("asyncio.SelectorEventLoop", "Queue") + source)) == 1


def test_a_selector_that_waits_for_nothing_makes_the_sleeps_of_its_loop_unreal(places_in):
    head = "import asyncio, pytest, selectors\nclass Quick(selectors.DefaultSelector):\n"
    quick = "    def select(self, timeout=None): return super().select({})\n"
    rest = "async def test(loop): await asyncio.sleep(9)\n@pytest.fixture\n"
    rest += "def loop(): return asyncio.SelectorEventLoop(Quick())\n"

    assert places_in(head + quick.format(0) + rest) == []
    assert len(places_in(head + quick.format("timeout") + rest)) == 1


def test_such_a_loop_may_come_from_the_package(places_in):
    test = ON_LOOP["fixture"]
    source = "import asyncio, pytest\nfrom package.quick import QuickLoop\n" + test

    assert places_in(source, {"package/__init__.py": "", "package/quick.py": LOOP}) == []


LEFT_TASKS = {
    "job of a scheduler": (
        "job = await scheduler.spawn(work())\n    assert not job.closed\n    assert list(jobs) == [job]"
    ),
    "task that is looked at": "task = asyncio.create_task(work())\n    assert not task.done()",
    "task that is not kept": "asyncio.ensure_future(work())\n    await asyncio.sleep(0)",
    "worker that is canceled at once": (
        "worker = Worker(app, work)\n    worker.start()\n    worker.cancel()\n    await worker.wait()"
    ),
    "task that is canceled at once": (
        "task = asyncio.create_task(work())\n    task.cancel()\n    await asyncio.wait([task])"
    ),
}
AWAITED_TASKS = {
    "awaited": "task = asyncio.create_task(work())\n    await task",
    "gathered": "asyncio.create_task(work())\n    await asyncio.gather(*asyncio.all_tasks())",
    "of a group": "async with asyncio.TaskGroup() as group:\n        group.create_task(work())",
    "handed on": "task = asyncio.create_task(work())\n    await finish(task)",
    "asked for its result by a method": "job = await scheduler.spawn(work())\n    await job.wait()",
    "canceled after others were waited for": (
        "worker = Worker(app, work)\n    await other()\n    await more()\n    worker.cancel()"
    ),
    "named twice": "task = asyncio.create_task(work())\n    await work()",
}


@pytest.mark.parametrize("use", LEFT_TASKS.values(), ids=LEFT_TASKS)
def test_a_sleep_at_the_end_of_a_task_that_nobody_waits_for_is_none(places_in, use):
    source = f"import asyncio\nasync def test():\n    async def work(): await asyncio.sleep(0.2)\n    {use}\n"

    assert places_in(source) == []


@pytest.mark.parametrize("use", AWAITED_TASKS.values(), ids=AWAITED_TASKS)
def test_a_sleep_of_a_task_that_is_waited_for_counts(places_in, use):
    source = f"import asyncio\nasync def test():\n    async def work(): await asyncio.sleep(0.2)\n    {use}\n"

    assert places_in(source) == [("LW101", 3)]


def test_a_sleep_of_a_task_after_which_it_says_something_counts(places_in):
    source = (
        "import asyncio\nasync def test(done):\n    async def work():\n        await asyncio.sleep(0.2)\n"
        "        done.set()\n    asyncio.create_task(work())\n    await done.seen()\n"
    )

    assert places_in(source) == [("LW101", 4)]


@pytest.mark.parametrize("parent", ["pid", "pid != 0", "pid > 0"])
def test_a_sleep_in_the_other_branch_of_a_fork_that_is_killed_is_none(places_in, parent):
    source = (
        f"import os, time\ndef test():\n    pid = os.fork()\n    if {parent}:\n        os.kill(pid, 9)\n"
        "    else:\n        time.sleep(5)\n"
    )

    assert "LW101" not in [code for code, _ in places_in(source)]
    assert "LW101" in [code for code, _ in places_in(source.replace("kill", "waitpid"))]


@pytest.mark.parametrize(
    ("scenario", "codes"), [("{'sleep': time.sleep}", ["LW101"]), ("{'sleep': print}", []), ("{}", [])]
)
def test_a_sleep_that_a_scenario_says_is_real_counts(places_in, scenario, codes):
    source = (
        f"import time\nclass TestIt(WithScenarios):\n    scenarios = [('it', {scenario})]\n"
        "    def test(self): self.sleep(2)\n"
    )

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(
    ("use", "codes"),
    [
        ("    with pytest.raises(TimeoutError): await ask(slow, timeout=0.1)\n", []),
        ("    with pytest.raises(TimeoutError): await asyncio.wait_for(ask(slow), 0.1)\n", []),
        ("    with pytest.raises(TimeoutError): await ask(slow, timeout=5)\n", ["LW101"]),
        ("    await ask(slow, timeout=0.1)\n", ["LW101"]),
        ("    with pytest.raises(ValueError): await ask(slow, timeout=0.1)\n", ["LW101"]),
    ],
)
def test_a_coroutine_that_all_who_hand_it_on_give_up_is_none(places_in, use, codes):
    source = (
        f"import asyncio, pytest\nasync def slow(request): await asyncio.sleep(2)\nasync def test():\n{use}"
    )

    assert [code for code, _ in places_in(source)] == codes
    assert len(places_in(f"{source}async def test_all():\n    await ask(slow)\n")) == 1


@pytest.mark.parametrize(("wait", "codes"), [("time.sleep(10)", []), ("time.sleep(2)", ["LW101"])])
def test_a_script_that_sleeps_as_long_as_nobody_waits_is_ended_by_its_test(places_in, wait, codes):
    test = "import subprocess, sys\ndef test():\n    subprocess.Popen([sys.executable, 'run.py'])\n"
    beside = {"tests/test_it.py": test}
    source = f"import time\nif __name__ == '__main__':\n    print('up')\n    {wait}\n"

    assert [code for code, _ in places_in(source, beside, "tests/run.py")] == codes


@pytest.mark.parametrize(
    ("then", "codes"), [("n.cancel_scope.cancel()", []), ("m.cancel_scope.cancel()", ["LW101"])]
)
def test_a_sleep_that_is_handed_to_a_group_which_is_canceled_is_none(places_in, then, codes):
    source = (
        "import trio\nasync def test():\n    async with trio.open_nursery() as n:\n"
        f"        n.start_soon(trio.sleep, 5)\n        {then}\n"
    )

    assert [code for code, _ in places_in(source)] == codes


MEASURED = "import threading, time\ndef test():\n    def slow(): time.sleep(2)\n"
NOT_WAITED = {
    "a thread": "    start = time.time()\n    group.add(slow)\n    assert time.time() - start < 1\n",
    "a method that asserts": (
        "    start = time.time()\n    group.add(slow)\n    end = time.time()\n"
        "    self.assertTrue(end - start < 1)\n"
    ),
}
WAITED = {
    "before": (
        "    kept(slow)\n    start = time.time()\n    kept.again()\n    assert time.time() - start < 1\n"
    ),
    "after": (
        "    start = time.time()\n    group.add(slow)\n    assert time.time() - start < 1\n    group.join()\n"
    ),
    "as long": "    start = time.time()\n    slow()\n    assert time.time() - start < 3\n",
    "by a pool": (
        "    start = time.time()\n    with ThreadPoolExecutor() as pool:\n        pool.submit(slow)\n"
        "        assert time.time() - start < 1\n"
    ),
}


@pytest.mark.parametrize("use", NOT_WAITED.values(), ids=NOT_WAITED)
def test_a_sleep_that_a_test_asserts_not_to_take_is_none(places_in, use):
    assert places_in(MEASURED + use) == []


@pytest.mark.parametrize("use", WAITED.values(), ids=WAITED)
def test_a_sleep_outside_of_what_a_test_measures_counts(places_in, use):
    assert places_in(MEASURED + use) == [("LW101", 3)]


@pytest.mark.parametrize(
    ("first", "again", "is_found"),
    [
        ("0.00001", "delay * 10", False),
        ("0.00001", "10 * delay", False),
        ("0.005", "delay * 2", True),
        ("0.001", "FACTOR * delay", True),
    ],
)
def test_a_duration_that_a_loop_makes_longer_counts_as_in_its_second_round(places_in, first, again, is_found):
    source = f"""
        import time, pytest
        FACTOR = 20
        @pytest.fixture(scope="session")
        def precision(differ):
            delay = {first}
            while not differ(delay):
                delay = {again}
            return delay * 1.1
        def test(precision):
            time.sleep(precision)
    """

    assert bool(places_in(source)) is is_found


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("def stop(self): self.beats.cancel()", False),
        ("def stop(self): self.other.cancel()", True),
        ("async def stop(self): self.beats.cancel(); await self.beats", False),
        (
            "async def wait(self): await first(self.beats)\n            def stop(self): self.beats.cancel()",
            True,
        ),
        ("def stop(self): return self.beats\n            async def wait(self): await self.beat()", True),
        (
            "def stop(self): self.beats.cancel()\n            async def wait(self): await self.beat()",
            True,
        ),
    ],
)
def test_a_task_that_an_object_keeps_and_cancels_is_waited_for_by_nobody(places_in, body, is_found):
    source = f"""
        import asyncio
        class Server:
            def start(self):
                self.beats = asyncio.get_event_loop().create_task(self.beat())
            async def beat(self):
                while self.is_up():
                    await asyncio.sleep(1)
            {body}
        def test(): Server().start()
    """

    assert bool(places_in(source)) is is_found


AFTER_FAILURE = {
    "of a download": (
        "def fetch(url):\n    for attempt in range(DOWNLOAD_ATTEMPTS):\n        try:\n"
        "            with urlopen(url) as answer:\n                return answer.read()\n"
        "        except OSError:\n            last = attempt\n        time.sleep(2)\n"
    ),
    "of the disk": (
        "def retry_on_error(function):\n    while True:\n        try:\n            return function()\n"
        "        except OSError:\n            time.sleep(0.1)\n"
    ),
}
UNTIL_STARTED = {
    "a server": AFTER_FAILURE["of a download"].replace("DOWNLOAD_ATTEMPTS", "10"),
    "a condition": AFTER_FAILURE["of the disk"].replace("OSError", "AssertionError"),
    "what is waited for": AFTER_FAILURE["of the disk"].replace("retry_on_error", "wait_for"),
    "whatever comes": (
        "def fetch(url):\n    for attempt in range(DOWNLOADS):\n        try:\n            ask(url)\n"
        "        except OSError:\n            raise\n        time.sleep(2)\n"
    ),
}
RETRYING = "import time\nfrom urllib.request import urlopen\n"


@pytest.mark.parametrize("helper", AFTER_FAILURE.values(), ids=AFTER_FAILURE)
def test_a_sleep_after_a_failure_of_a_retry_only_informs(findings_in, helper):
    found = findings_in(f"{RETRYING}{helper}def test(): fetch('x') or retry_on_error(print)\n")

    assert [each.gate for each in found if each.call == "time.sleep"] == [False]


@pytest.mark.parametrize("helper", UNTIL_STARTED.values(), ids=UNTIL_STARTED)
def test_a_sleep_until_something_has_started_fails(places_in, helper):
    uses = "def test(): fetch('x') or retry_on_error(print) or wait_for(print)\n"

    assert len(places_in(f"{RETRYING}{helper}{uses}")) == 1


@pytest.mark.parametrize(
    ("rest", "is_found"),
    [
        ("worker.terminate()\n            worker.join()", False),
        ("worker.kill()", False),
        ("worker.join()\n            worker.terminate()", True),
        ("other.terminate()\n            worker.join()", True),
        ("worker.join()", True),
    ],
)
def test_a_sleep_handed_to_a_process_that_the_test_ends_is_waited_for_by_nobody(places_in, rest, is_found):
    source = f"""
        import asyncio, pool
        def test(other):
            worker = pool.Process(target=asyncio.sleep, args=(1,))
            worker.start()
            {rest}
    """

    assert ("LW101" in dict(places_in(source))) is is_found


@pytest.mark.parametrize(("method", "codes"), [("kill", []), ("cancel", []), ("get", ["LW101"])])
def test_a_sleep_handed_to_what_the_test_ends_in_the_same_breath_is_none(places_in, method, codes):
    source = f"import gevent\ndef test(): gevent.spawn(gevent.sleep, 1).{method}()\n"

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(("sleep", "is_found"), [("time.sleep", True), ("asyncio.sleep", False)])
def test_only_a_sleep_that_lets_others_run_ends_as_it_is_canceled(places_in, sleep, is_found):
    source = f"""
        import asyncio, time
        def test(executor):
            future = executor.submit({sleep}, 0.1)
            future.cancel()
    """

    assert bool(places_in(source)) is is_found
