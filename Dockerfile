# The one place that names the base; `--build-arg` may add the digest that a registry gives for it.
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PATH=/opt/staffing/bin:$PATH
RUN python -m venv /opt/staffing
WORKDIR /src

# Packages first: their layer lasts until the lock changes.
COPY requirements.txt ./
RUN pip install --require-hashes --only-binary=:all: --requirement requirements.txt

COPY LICENSE pyproject.toml requirements.in ./
COPY rules rules
COPY schemas schemas
COPY service service
# What only installs has no place in what serves.
RUN pip install --no-build-isolation --no-deps . \
    && pip uninstall --yes setuptools pip


FROM ${PYTHON_IMAGE}

LABEL org.opencontainers.image.title="Staffing recommender" \
      org.opencontainers.image.description="How many data scientists and machine-learning engineers an AI project needs, and why" \
      org.opencontainers.image.licenses="Apache-2.0"

# Nobody is let in by oversight: until API_KEYS_FILE is set, or OPEN_TO_ALL=yes, only its probes answer others.
ENV PATH=/opt/staffing/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    OPEN_TO_ALL=no \
    PORT=8000

COPY --from=build /opt/staffing /opt/staffing
COPY docker/*.py /etc/staffing/

# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-I", "/etc/staffing/healthcheck.py"]

# gunicorn is process 1: it hears SIGTERM itself and ends its workers in order.
CMD ["gunicorn", "--config", "/etc/staffing/gunicorn.conf.py"]
