"""How gunicorn serves the application, in `make run` and in the image alike."""

import atexit
import gc
import logging
import os
import shutil
import signal
import subprocess
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gevent
from gevent import monkey

if os.environ.get("WORKER_CLASS", "gevent") == "gevent":
    # So that the service can be imported here, once for all workers. What the master itself lives by (signals,
    # children, the wait for either) is left to the workers to patch, of which gevent warns.
    monkey.patch_all(os=False, select=False, signal=False, subprocess=False)
    warnings.filterwarnings("ignore", "Patching more than once", monkey.MonkeyPatchWarning)

from prometheus_client.multiprocess import mark_process_dead

import service.app  # noqa: F401 (workers are forked with it: each is ready half a second sooner)
from schemas.text import interpret
from service.guard.discreet import Discreet
from service.reload import preflight
from service.reload.in_force import FOLDER
from service.reload.workers import Workers

wsgi_app = "service.app:create_app()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

workers = int(os.environ.get("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4)))
worker_class = os.environ.get("WORKER_CLASS", "gevent")
threads = int(os.environ.get("WORKER_THREADS", "1"))  # only the gthread class uses them
# A worker that was forked after the application was built would share its Redis connections. It shares the code alone.
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
    logging.getLogger("gunicorn.error").addFilter(Discreet())
    server.folder = Path(mkdtemp(prefix="staffing-", dir=worker_tmp_dir))
    atexit.register(_leave_nothing, server.folder, os.getpid())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: sys.exit(0))  # until gunicorn has handlers of its own
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.environ[FOLDER] = str(server.folder)
    hosts = [address[0] for address in server.address if isinstance(address, tuple)]
    for host in dict.fromkeys(hosts) or [""]:  # where it really listens, whatever HOST says; "" is a socket's file
        trial = get_context("fork").Process(target=_try, args=(host,))
        trial.start()
        trial.join()
        if trial.exitcode:
            sys.exit(1)
    server.metrics = server.folder / "metrics"
    server.metrics.mkdir()
    server.crew = Workers(server.folder)
    interpret("")  # reads the lexicon, which workers share as well
    gc.freeze()


def _leave_nothing(folder: Path, master: int) -> None:
    if os.getpid() == master:  # workers inherit what is to be done at the end
        shutil.rmtree(folder, ignore_errors=True)


def _try(host: str) -> None:
    os.environ["HOST"] = host
    preflight.main()


def when_ready(server: Any) -> None:
    """Have SIGHUP take up the rulebook by `service.reload`, which says why not by gunicorn's own reload."""
    command = [sys.executable, "-m", "service.reload", str(server.pid)]
    signal.signal(signal.SIGHUP, lambda *_: subprocess.Popen(command))


def post_fork(server: Any, worker: Any) -> None:
    """Have the workers share their metrics. Only them: whatever else the master starts is none."""
    os.environ.update(PROMETHEUS_MULTIPROC_DIR=str(server.metrics))
    server.crew.begin(worker.pid)
    # Replaced by a reload, it may take its time; when all are to end, the master's own limit holds.
    worker.cfg.set("graceful_timeout", 300)


def post_worker_init(worker: Any) -> None:
    """Have the worker accept all that waits, and tell a reload that it takes requests from now on."""
    # gunicorn has each of many workers accept one connection a turn of its loop. Turns are long where many connections
    # are busy: new ones, which callers open the more of then, would wait for seconds. Alone, it takes gevent's hundred.
    worker.cfg.set("workers", 1)
    gc.freeze()  # the application stays: to go through it for garbage would make callers wait
    Workers(Path(os.environ[FOLDER])).load(worker.pid)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the state of a worker that is gone; what it counted stays."""
    mark_process_dead(worker.pid, server.metrics)
    if server.crew.end(worker.pid):
        server.num_workers -= 1  # a reload had one more started in its place


def post_request(_worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """Let another connection have its turn: one that is always busy would never yield."""
    if worker_class == "gevent":
        gevent.sleep(0)
