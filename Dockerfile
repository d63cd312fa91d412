# syntax=docker/dockerfile:1
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/onrecord
ENV PATH="/opt/onrecord/bin:$PATH"
COPY requirements.lock ./
RUN pip install --no-deps --require-hashes -r requirements.lock
COPY . .
# The build backend came with the lock, so this step asks no index.
RUN pip install --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /var/lib/onrecord onrecord
COPY --from=build /opt/onrecord /opt/onrecord
ENV PATH="/opt/onrecord/bin:$PATH" PYTHONUNBUFFERED=1 ONRECORD_DATA_DIR=/var/lib/onrecord/data ONRECORD_LOG_FORMAT=json
USER 10001
WORKDIR /var/lib/onrecord
# Made here, so that a fresh named volume belongs to the user.
RUN mkdir data
VOLUME /var/lib/onrecord/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["onrecord", "health"]
ENTRYPOINT ["onrecord"]
CMD ["run"]
