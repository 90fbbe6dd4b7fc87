"""The manifests build, are valid, and keep to what a locked-down cluster demands; no cluster is needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workers import ROOT

MANIFESTS = ROOT / "docker/kubernetes"
VARIANTS = ("base", "with-redis")
Manifest = dict[str, Any]


@cache
def built(variant: str) -> str:
    """The YAML that would be applied."""
    if not shutil.which("kubectl") or _minor_version() < 21:
        pytest.skip("kubectl 1.21 or newer is not installed")
    done = subprocess.run(
        ["kubectl", "kustomize", MANIFESTS / variant], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr
    return done.stdout


def _minor_version() -> int:
    said = subprocess.run(["kubectl", "version", "--client", "-o", "json"], capture_output=True, check=True, timeout=60)
    return int(re.sub(r"\D", "", json.loads(said.stdout)["clientVersion"]["minor"]))


def manifests(variant: str, kind: str) -> list[Manifest]:
    """Those of a kind."""
    return [one for one in yaml.safe_load_all(built(variant)) if one["kind"] == kind]


def the(kind: str, name: str = "staffing", variant: str = "base") -> Manifest:
    """The one of a kind and name."""
    (one,) = (one for one in manifests(variant, kind) if one["metadata"]["name"] == name)
    return one


def pods(variant: str) -> list[Manifest]:
    """What each deployment's pods are made from."""
    return [one["spec"]["template"]["spec"] for one in manifests(variant, "Deployment")]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_manifest_is_valid(variant: str, tmp_path: Path) -> None:
    """Strictly: no field that Kubernetes does not know."""
    (tmp_path / "all.yaml").write_text(built(variant))
    done = subprocess.run(
        [Path(sys.executable).with_name("kubernetes-validate"), "--strict", tmp_path / "all.yaml"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("variant", VARIANTS)
def test_pods_are_locked_down(variant: str) -> None:
    """As the `restricted` standard demands, and read-only with it; no token of the cluster's is mounted."""
    for pod in pods(variant):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert container["resources"]["limits"]["memory"]


def test_the_grace_of_a_pod_covers_its_orderly_end() -> None:
    """The wait before SIGTERM and gunicorn's own grace fit into the pod's, or requests at hand would be cut off."""
    pod = the("Deployment")["spec"]["template"]["spec"]
    wait = re.search(r"sleep\((\d+)\)", str(pod["containers"][0]["lifecycle"]["preStop"]))
    grace = re.search(r"^graceful_timeout = (\d+)", (ROOT / "docker/gunicorn.conf.py").read_text(), re.MULTILINE)
    assert wait  # and the settings are not run here: they patch the standard library
    assert grace
    assert int(wait[1]) + int(grace[1]) < pod["terminationGracePeriodSeconds"]


def test_the_pod_is_the_image() -> None:
    """The same user, the same port, and each probe at an address that the service has."""
    container = the("Deployment")["spec"]["template"]["spec"]["containers"][0]
    dockerfile = (ROOT / "Dockerfile").read_text()
    security = the("Deployment")["spec"]["template"]["spec"]["securityContext"]
    assert f"USER {security['runAsUser']}:{security['runAsGroup']}" in dockerfile
    assert f"EXPOSE {container['ports'][0]['containerPort']}" in dockerfile
    probes = {container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert probes == {"/health/live", "/health/ready"}


def test_a_lost_redis_takes_no_pod_out() -> None:
    """Liveness never asks for more than the process: a degraded service is not restarted."""
    container = the("Deployment")["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"


def test_everything_selects_the_pods() -> None:
    """Service, budget, spread and network policy name the labels that the pods carry."""
    labels = the("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert the("Service")["spec"]["selector"] == labels
    assert the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    assert the("NetworkPolicy")["spec"]["podSelector"]["matchLabels"] == labels
    spreads = the("Deployment")["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert all(spread["labelSelector"]["matchLabels"] == labels for spread in spreads)


def test_the_autoscaler_alone_says_how_many() -> None:
    """A number in the deployment would undo its work with each apply; one pod may go at a time."""
    autoscaler = the("HorizontalPodAutoscaler")["spec"]
    assert "replicas" not in the("Deployment")["spec"]
    assert autoscaler["scaleTargetRef"]["name"] == "staffing"
    assert autoscaler["minReplicas"] > the("PodDisruptionBudget")["spec"]["maxUnavailable"]


def test_nothing_goes_out_but_to_names_and_redis() -> None:
    """Whoever takes a pod over finds no way on."""
    policy = the("NetworkPolicy")["spec"]
    ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert ports == {53, 6379, 26379}
    assert all(rule["to"] for rule in policy["egress"])
    assert all(source for rule in policy["ingress"] for source in rule["from"])
    assert the("NetworkPolicy", "redis", "with-redis")["spec"].get("egress", []) == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_secret_is_in_the_repository(variant: str) -> None:
    """Secrets are named, and made elsewhere."""
    assert manifests(variant, "Secret") == []
    named = {
        source["secretRef"]["name"] for source in pods("base")[0]["containers"][0]["envFrom"] if "secretRef" in source
    }
    assert named == {"staffing-secrets"}


def test_every_setting_is_one_of_readmes() -> None:
    """A misspelt one would be passed on in silence."""
    (settings,) = (one["data"] for one in manifests("with-redis", "ConfigMap") if "LOG_LEVEL" in one["data"])
    readme = (ROOT / "README.md").read_text()
    assert settings["REDIS_URL"] == "redis://redis:6379/0"
    assert [name for name in settings if f"`{name}`" not in readme] == []
