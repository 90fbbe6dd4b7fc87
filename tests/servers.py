"""Real servers under a test's control: a redis-server that it may fill, freeze, kill and bring back."""

from __future__ import annotations

import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

REDIS = shutil.which("redis-server")
PATIENCE = 10.0


def eventually(holds: Callable[[], object], within: float = PATIENCE) -> None:
    """Wait until the condition holds; fail if it does not within so many seconds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"did not come to hold within {within} s"
        time.sleep(0.005)


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority of our own, and what it certified: 127.0.0.1 and localhost."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What a client trusts."""
        return self.folder / "ca.crt"

    @property
    def stranger(self) -> Path:
        """Another authority, which certified nothing here."""
        return self.folder / "other.crt"

    def listen(self, port: int) -> str:
        """Return the arguments by which a redis-server speaks TLS alone, to its replicas and its cluster too."""
        files = f"--tls-cert-file {self.folder}/redis.crt --tls-key-file {self.folder}/redis.key"
        return (
            f"--port 0 --tls-port {port} {files} --tls-ca-cert-file {self.authority} --tls-auth-clients no "
            "--tls-replication yes --tls-cluster yes"
        )

    @classmethod
    def made_in(cls, folder: Path) -> Certificates:
        """Make them with openssl."""
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
        new = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj"
        signed = "-CA ca.crt -CAkey ca.key -CAcreateserial"
        for command in (
            f"{new} /CN=ours -x509 -days 2 -keyout ca.key -out ca.crt",
            f"{new} /CN=theirs -x509 -days 2 -keyout other.key -out other.crt",
            f"{new} /CN=redis -keyout redis.key -out redis.csr",
            f"openssl x509 -req -in redis.csr {signed} -days 2 -out redis.crt -extfile names",
        ):
            subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
        return cls(folder)


class RedisServer:
    """A redis-server of our own on a port and a socket that stay the same when it is restarted.

    `options` are further arguments of the program; a server that wants TLS is told so by its `certificates`.
    """

    def __init__(
        self, folder: Path, *options: str, password: str | None = None, certificates: Certificates | None = None
    ) -> None:
        self._folder = folder
        self._options = options
        self._password = password
        self._certificates = certificates
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.socket = folder / "redis.sock"

    @property
    def url(self) -> str:
        """The server's address, as `REDIS_URL` takes it."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def unix_url(self) -> str:
        """The address of the server's socket."""
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Start the server, on the port it had before or else a free one, and wait for its answer."""
        for port in [self.port] if self.port else _ports():
            if self._answers_on(port):
                self.port = port
                return
        raise AssertionError((self._folder / "log").read_text())

    @contextmanager
    def client(self) -> Iterator[Redis]:
        """Yield a patient client for looking behind the service's back."""
        retry, path = Retry(NoBackoff(), 0), str(self.socket)
        with Redis(
            unix_socket_path=path, password=self._password, socket_timeout=PATIENCE, retry=retry, protocol=2
        ) as client:
            yield client

    def freeze(self) -> None:
        """Let the server hold its connections and accept new ones, and answer nothing."""
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._running.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the server in an orderly way."""
        self._running.terminate()
        self._reap()

    def kill(self) -> None:
        """End the server at once, frozen or not; does nothing if it is gone."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def restart(self) -> None:
        """Kill the server and start an empty one in its place."""
        self.kill()
        self.start()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server is not running"
        return self._process

    def _reap(self) -> None:
        self._running.wait(PATIENCE)
        self._process = None

    def _answers_on(self, port: int) -> bool:
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [REDIS or "redis-server", *self._arguments(port)], stdout=log, stderr=log, cwd=self._folder
            )
        with self.client() as client:
            eventually(lambda: self._running.poll() is not None or _ready(client))
        if self._running.poll() is None:
            return True
        self._process = None  # the port was taken
        return False

    def _arguments(self, port: int) -> list[str]:
        listen = self._certificates.listen(port) if self._certificates else f"--port {port}"
        options = f"{listen} --bind 127.0.0.1 --unixsocket {self.socket} --dir {self._folder} --appendonly no"
        password = ["--requirepass", self._password] if self._password else []
        return [*options.split(), "--save", "", *password, *self._options]


def _ready(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _ports() -> Iterator[int]:
    # Below the range from which systems hand out ports, so nobody else is given one while we restart.
    # Not from `random` itself: pytest-randomly seeds it alike in every worker.
    chance = random.SystemRandom()
    return (chance.randrange(10_000, 30_000) for _ in range(20))


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Run a server of one's own, and leave nothing behind."""
    if REDIS is None:
        pytest.skip("redis-server is not installed")
    # A folder of our own: pytest's are too deep for the name of a socket.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A redis-server for this test alone."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module")
def shared_redis() -> Iterator[RedisServer]:
    """A redis-server for a module whose tests only read and write."""
    with running_redis() as server:
        yield server


@pytest.fixture
def nobody_listens() -> Iterator[str]:
    """A Redis URL that refuses connections: its port is taken, and nobody listens on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a redis-server by the fixtures they ask for."""
    for item in items:
        if {"redis_server", "shared_redis", "redis_of"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.redis)
