"""Exit 0 if the service in this container is alive: the image's health check."""

import os
import sys
from http.client import HTTPConnection

connection = HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=2)
connection.request("GET", "/health/live")
sys.exit(connection.getresponse().status != 200)
