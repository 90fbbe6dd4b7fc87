"""The image as it is built, and the compose file as it is brought up, by whatever container engine is at hand."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from schemas.openapi import EXAMPLE
from tests.recheck import recheck
from tests.servers import eventually
from tests.workers import ROOT, free_port

IMAGE = "staffing-recommender"
PATIENCE = 120.0  # seconds for the engine, on a machine that is busy
LOCKED = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"]


def docker(*arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run docker to its end."""
    done = subprocess.run(
        ["docker", *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done


def answers() -> bool:
    """Whether there is an engine."""
    try:
        return docker("version", check=False).returncode == 0
    except OSError:
        return False


pytestmark = pytest.mark.container


@pytest.fixture(scope="module")
def image() -> str:
    """The image, built from the Dockerfile as it is; not every engine's builds reach a package index by themselves."""
    if not answers():
        pytest.skip("no container engine answers")
    docker("build", "--network", "host", "--tag", IMAGE, ".")
    return IMAGE


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    """A network of our own: an engine need not have a default one."""
    name = f"staffing-test-{os.getpid()}"
    docker("network", "create", name)
    yield name
    docker("network", "rm", name)


def get(url: str) -> Any:
    """What is there, as JSON."""
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 (one of ours)
        return json.load(response)


def recommend(port: int, size: int = 8) -> str:
    """Ask for an answer, see that it is right, and return what the cache did."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        body = json.dumps({**EXAMPLE, "team": {"size": size}})
        connection.request("POST", "/recommend", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        recheck(json.loads(answer))
        return response.headers["Cache-Status"]
    finally:
        connection.close()


@contextmanager
def running(image: str, network: str, *options: str) -> Iterator[str]:
    """Run the image locked down, and leave nothing behind."""
    name = docker("run", "--detach", "--network", network, *LOCKED, *options, image).stdout.strip()
    try:
        yield name
    finally:
        docker("rm", "--force", name)


def state(container: str) -> dict[str, Any]:
    """What the engine says of a container."""
    (found,) = json.loads(docker("inspect", container).stdout)
    said: dict[str, Any] = found["State"]
    return said


def test_it_runs_read_only_as_nobody_and_ends_in_order(image: str, network: str) -> None:
    """Healthy by its own check, right in its answers, and gone with status 0 when it is told to end."""
    with running(image, network, "--publish=127.0.0.1::8000", "--env=OPEN_TO_ALL=yes") as container:
        eventually(lambda: state(container)["Health"]["Status"] == "healthy", within=PATIENCE)
        port = int(docker("port", container, "8000/tcp").stdout.splitlines()[0].rpartition(":")[2])
        assert get(f"http://127.0.0.1:{port}/health/ready")["status"] == "ok"
        assert recommend(port) == "process; fwd=miss; stored"
        assert docker("exec", container, "id", "-u").stdout == "10001\n"
        assert docker("exec", container, "touch", "/etc/staffing/new", check=False).returncode != 0
        begin = time.monotonic()
        docker("stop", "--time", "10", container)
        assert state(container)["ExitCode"] == 0
        assert time.monotonic() - begin < 10


def test_a_wrong_setting_ends_it_at_once(image: str, network: str) -> None:
    """With the fault as its last word, and without a password."""
    with running(image, network, "--env=REDIS_URL=redis://:hunter2@cache:port") as container:
        eventually(lambda: not state(container)["Running"], within=PATIENCE)
        assert state(container)["ExitCode"] == 1
        said = docker("logs", container).stderr
    assert '"REDIS_URL" invalid: a port' in said
    assert "hunter2" not in said


def test_what_only_installs_is_not_in_it(image: str, network: str) -> None:
    """No package can be added from within."""
    done = docker("run", "--rm", "--network", network, image, "python", "-c", "import pip", check=False)
    assert "No module named 'pip'" in done.stderr


def test_its_bill_of_materials_is_valid_and_whole(image: str) -> None:
    """Every package that was locked is listed in the version that was locked, and so is what the base brings.

    What makes the bill validates it strictly, and fails where it is not valid.
    """
    made = subprocess.run([sys.executable, "docker/sbom", image], cwd=ROOT, capture_output=True, text=True, check=True)
    components = json.loads(made.stdout)["components"]
    listed = {f"{canonical(component['name'])}=={component['version']}" for component in components}
    locked = {line.split()[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert {pin for pin in locked - listed if not pin.startswith(("pip==", "setuptools==", "wheel=="))} == set()
    purls = [component.get("purl", "") for component in components]
    assert any(purl.startswith("pkg:deb/debian/libc6@") for purl in purls)
    assert any(purl.startswith("pkg:generic/python@3.13.") for purl in purls)


def canonical(name: str) -> str:
    """A package's name as locks spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Project:
    """The compose file as a project of its own, on ports that are free."""

    def __init__(self) -> None:
        self.name = f"staffing-test-{os.getpid()}"
        self.port, self.proxy_port = free_port(), free_port()

    def compose(self, *arguments: str) -> str:
        """Run a command of compose, for services of every profile, and return what it prints."""
        settings = {"PORT": str(self.port), "PROXY_PORT": str(self.proxy_port), "WEB_CONCURRENCY": "1"}
        return docker("compose", "--project-name", self.name, "--profile", "scaled", *arguments, **settings).stdout

    def up(self, service: str) -> None:
        """Bring up a service and what it depends on, from the image that was built, and wait until all are healthy."""
        self.compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", str(round(PATIENCE)), service)


@pytest.fixture
def project(image: str) -> Iterator[Project]:
    """A project that is taken down in the end."""
    assert image == IMAGE  # the one that the file names
    project = Project()
    yield project
    project.compose("down", "--volumes", "--timeout", "10")


def test_the_compose_file_serves_and_outlives_its_redis(project: Project) -> None:
    """Answers come from Redis, then without one, though its very name is gone; then from the one that is back."""
    project.up("api")
    assert recommend(project.port) == "redis; fwd=miss; stored, process; fwd=miss; stored"

    project.compose("kill", "redis")
    for size in range(10, 20):
        begin = time.monotonic()
        assert recommend(project.port, size) == "redis; fwd=bypass; detail=unavailable, process; fwd=miss; stored"
        assert time.monotonic() - begin < 1
    assert get(f"http://127.0.0.1:{project.port}/health/ready")["status"] == "degraded"

    project.compose("start", "redis")
    sizes = iter(range(100, 100_000))
    eventually(lambda: recommend(project.port, next(sizes)).startswith("redis; fwd=miss; stored"), within=PATIENCE)


def test_the_scaled_profile_shares_a_redis_behind_the_proxy(project: Project) -> None:
    """Three replicas take turns; one is killed, and no request fails."""
    proxy = compose_image("proxy")
    if all(docker(*way, proxy, check=False).returncode for way in (["image", "inspect"], ["pull"])):
        pytest.skip(f"{proxy} is neither here nor to be had")
    project.up("proxy")
    outcomes = [recommend(project.proxy_port).partition(",")[0] for _ in range(6)]
    assert sorted(outcomes) == ["process; hit"] * 3 + ["redis; fwd=miss; stored"] + ["redis; hit"] * 2

    replica, *_ = project.compose("ps", "--quiet", "replica").split()
    docker("kill", replica)
    for size in range(10, 40):
        recommend(project.proxy_port, size)


def compose_image(service: str) -> str:
    """The image that the compose file names for a service."""
    said = json.loads(docker("compose", "--profile", "scaled", "config", "--format", "json").stdout)
    return str(said["services"][service]["image"])
