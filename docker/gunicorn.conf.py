"""How gunicorn serves the application, in `make run` and in the image alike."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gevent

wsgi_app = "service.app:create_app()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

workers = int(os.environ.get("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4)))
worker_class = os.environ.get("WORKER_CLASS", "gevent")
threads = int(os.environ.get("WORKER_THREADS", "1"))  # only the gthread class uses them
# A worker that was forked after the application was built would share its Redis connections.
preload_app = False

# Heartbeats are written to a file: on a disk that stalls, healthy workers would be killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True  # it would be opened in $HOME, which a read-only container lacks

timeout = 30
graceful_timeout = 8  # an orderly end within the ten seconds that `docker stop` grants
keepalive = 5

# Permalinks carry a whole project in their query.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
forwarded_allow_ips = ""  # whom X-Forwarded-* is believed from is TRUSTED_PROXIES' alone to say

accesslog = None  # the application logs its requests, with their ids
errorlog = "-"


def on_starting(server: Any) -> None:
    """Stop where a setting or the rulebook is wrong, before every worker fails with its own traceback."""
    # In a process of its own: a gevent worker patches the standard library before it imports the service.
    preflight = [sys.executable, Path(__file__).with_name("preflight.py")]
    hosts = [address[0] for address in server.address if isinstance(address, tuple)]
    for host in dict.fromkeys(hosts) or [""]:  # where it really listens, whatever HOST says; "" is a socket's file
        if subprocess.run(preflight, env={**os.environ, "HOST": host}, check=False).returncode:
            sys.exit(1)
    server.metrics = mkdtemp(prefix="staffing-metrics-", dir=worker_tmp_dir)


def post_fork(server: Any, _worker: Any) -> None:
    """Have the workers share their metrics. Only them: whatever else the master starts is none."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = server.metrics


def child_exit(server: Any, worker: Any) -> None:
    """Forget the state of a worker that is gone; what it counted stays."""
    # As prometheus_client.multiprocess.mark_process_dead, which would fix the master's mode, and so that of all workers.
    for gauges in Path(server.metrics).glob(f"gauge_live*_{worker.pid}.db"):
        gauges.unlink()


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(server.metrics, ignore_errors=True)


def post_request(_worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """Let another connection have its turn: one that is always busy would never yield."""
    if worker_class == "gevent":
        gevent.sleep(0)
