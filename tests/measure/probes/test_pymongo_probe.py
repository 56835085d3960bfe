"""pymongo against a server of a few lines that speaks its protocol: no package brings a real one."""

import socketserver
import struct
import threading

import bson
import pymongo
import pytest

_HELLO = {"ok": 1, "isWritablePrimary": True, "maxWireVersion": 21, "minWireVersion": 0, "readOnly": False}


class Answers(socketserver.BaseRequestHandler):
    """Answers OP_MSG and the first OP_QUERY: hello, ping, find; refuses all else."""

    def handle(self):
        while header := self.request.recv(16, 0x100):  # MSG_WAITALL
            length, request, _, code = struct.unpack("<iiii", header)
            body = self.request.recv(length - 16, 0x100)
            if code == 2013:
                (name, *_) = command = bson.decode(body[5:])
                payload = struct.pack("<IB", 0, 0) + bson.encode(self.answer(name.lower(), command))
            else:
                payload = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(_HELLO)
                code = 1
            self.request.sendall(struct.pack("<iiii", len(payload) + 16, 1, request, code) + payload)

    def answer(self, name, command):
        if name == "find":
            return {"ok": 1, "cursor": {"id": 0, "ns": "shop.author", "firstBatch": [{"_id": 1}]}}
        if name in ("hello", "ismaster", "ping", "endsessions"):
            return _HELLO
        return {"ok": 0, "code": 59, "errmsg": f"no such command: {name}"}


@pytest.fixture
def port():
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_commands_count_whether_they_succeed_or_fail(port, libraries, counted):
    with pymongo.MongoClient("127.0.0.1", port, serverSelectionTimeoutMS=5000) as client:
        client.admin.command("ping")

        def act():
            assert client.shop.author.find_one({"_id": 1}) == {"_id": 1}
            with pytest.raises(pymongo.errors.OperationFailure):
                client.shop.command("nonsense")

        assert counted(act) == {"mongo_commands": 2}


def test_removed_pymongo_has_the_listeners_it_had(libraries):
    listeners = pymongo.monitoring._LISTENERS.command_listeners
    during = list(listeners)

    libraries.remove()

    assert len(during) - len(listeners) == 1
