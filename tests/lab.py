"""A Redis of every kind that a URL can name, made of real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis

from tests.servers import REDIS, Certificates, RedisServer, eventually

KINDS = ("standalone", "unix", "tls", "sentinel", "tls sentinel", "cluster", "tls cluster")
PASSWORD, SENTINELS_PASSWORD = "p@ss:w/rd?#%", "another&one"
DOWN_AFTER_MS = 400


@dataclass
class Lab:
    """The servers that hold keys, the first as master where there is one, and the sentinels that watch them."""

    url: str
    servers: list[RedisServer]
    sentinels: list[RedisServer] = field(default_factory=list)
    certificates: Certificates | None = None


class SentinelServer(RedisServer):
    """A redis-server that watches a master, which it calls `mymaster`."""

    def __init__(self, folder: Path, master: RedisServer, **given: Any) -> None:
        super().__init__(folder, **given)
        self._master = master

    def _arguments(self, port: int) -> list[str]:
        lines = [
            f"sentinel monitor mymaster 127.0.0.1 {self._master.port} 2",
            f'sentinel auth-pass mymaster "{PASSWORD}"',
            f"sentinel down-after-milliseconds mymaster {DOWN_AFTER_MS}",
            "sentinel failover-timeout mymaster 3000",
            f'sentinel sentinel-pass "{SENTINELS_PASSWORD}"',
        ]
        file = self._folder / "sentinel.conf"  # which it writes to
        file.write_text("\n".join(lines))
        return [str(file), "--sentinel", *super()._arguments(port)]


@dataclass
class _Bench:
    """Starts servers in folders of their own, and ends them all."""

    folder: Path
    stack: ExitStack
    certificates: Certificates | None

    def start(self, *options: str, password: str | None = PASSWORD, **more: Any) -> RedisServer:
        kind = SentinelServer if more else RedisServer
        folder = Path(self.stack.enter_context(TemporaryDirectory(dir=self.folder)))
        server = kind(folder, *options, password=password, certificates=self.certificates, **more)
        self.stack.callback(server.kill)
        server.start()
        return server


def _alone(bench: _Bench) -> Lab:
    server = bench.start()
    return Lab(f"{_scheme(bench)}://:{quote(PASSWORD, '')}@localhost:{server.port}/0", [server])


def _socket(bench: _Bench) -> Lab:
    server = bench.start()
    return Lab(f"unix://:{quote(PASSWORD, '')}@{server.socket}", [server])


def _watched(bench: _Bench) -> Lab:
    master = bench.start("--masterauth", PASSWORD)
    replica = bench.start("--masterauth", PASSWORD, "--replicaof", f"127.0.0.1 {master.port}")
    sentinels = [bench.start(password=SENTINELS_PASSWORD, master=master) for _ in range(3)]
    for sentinel in sentinels:
        with sentinel.client() as client:
            eventually(lambda client=client: _watches(client))
    query = f"?sentinel_password={quote(SENTINELS_PASSWORD, '')}"
    url = f"{_scheme(bench)}+sentinel://:{quote(PASSWORD, '')}@{_hosts(sentinels)}/mymaster/0{query}"
    return Lab(url, [master, replica], sentinels)


def _watches(client: Redis) -> bool:
    state: Any = client.sentinel_master("mymaster")
    return (state["num-other-sentinels"], state["num-slaves"], state["flags"]) == (2, 1, "master")


def _sharded(bench: _Bench) -> Lab:
    options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--masterauth", PASSWORD]
    nodes = [bench.start(*options) for _ in range(3)]
    with ExitStack() as stack:
        first, *others = clients = [stack.enter_context(node.client()) for node in nodes]
        for client, slots in zip(clients, ("0 5460", "5461 10922", "10923 16383"), strict=True):
            client.execute_command(f"CLUSTER ADDSLOTSRANGE {slots}")
        for node in nodes[1:]:
            first.execute_command("CLUSTER MEET", "127.0.0.1", node.port)
        for client in (first, *others):
            eventually(lambda client=client: _whole(client), within=20)
    return Lab(f"{_scheme(bench)}+cluster://:{quote(PASSWORD, '')}@{_hosts(nodes)}", nodes)


def _whole(client: Redis) -> bool:
    info: Any = client.cluster("info")
    return (info["cluster_state"], info["cluster_known_nodes"]) == ("ok", "3")


def _scheme(bench: _Bench) -> str:
    return "rediss" if bench.certificates else "redis"


def _hosts(servers: list[RedisServer]) -> str:
    return ",".join(f"127.0.0.1:{server.port}" for server in servers)


_LABS: dict[str, Callable[[_Bench], Lab]] = {
    "standalone": _alone,
    "unix": _socket,
    "sentinel": _watched,
    "cluster": _sharded,
}


@contextmanager
def lab(kind: str) -> Iterator[Lab]:
    """Run a Redis of one of `KINDS`, ready for commands, and leave nothing behind."""
    if REDIS is None:
        pytest.skip("redis-server is not installed")
    tls, name = kind.startswith("tls"), kind.removeprefix("tls").strip() or "standalone"
    with TemporaryDirectory(prefix="redis-") as folder, ExitStack() as stack:
        certificates = Certificates.made_in(Path(folder)) if tls else None
        made = _LABS[name](_Bench(Path(folder), stack, certificates))
        if certificates:
            made.certificates = certificates
            made.url += f"{'&' if '?' in made.url else '?'}ssl_ca_certs={certificates.authority}"
        yield made


@pytest.fixture(scope="module")
def redis_of() -> Iterator[Callable[[str], Lab]]:
    """Redis servers by kind, each kind started once for a module whose tests only read and write."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(lab(kind)))
