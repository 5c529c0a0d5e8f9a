# One image for all services: SERVICE=directory (or portal, …) chooses which one a container is.
#   docker build -t nhipcau .
#   docker run -e SERVICE=directory -e NHIPCAU_MONGO_URL=… -e NHIPCAU_KAFKA_BOOTSTRAP=… nhipcau
# The migration step: docker run … nhipcau python -m nhipcau migrate --service directory
FROM python:3.13-slim AS packages
COPY deploy/image/requirements.lock /requirements.lock
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.lock

# What browsers load beside our own pages, checked against the lock.
FROM node:24-slim AS browser
COPY libs/pages/package.json libs/pages/package-lock.json libs/pages/.npmrc /pages/
RUN cd /pages && npm ci --omit=dev

FROM python:3.13-slim
COPY --from=packages /venv /venv
WORKDIR /app
COPY contracts contracts
COPY libs/common libs/common
COPY libs/rulebook libs/rulebook
COPY libs/authority libs/authority
COPY libs/pages libs/pages
COPY --from=browser /pages/node_modules libs/pages/node_modules
COPY libs/cli libs/cli
COPY services services
# The development sign-in (libs/embedded) stays out of the image on purpose.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/contracts/src:/app/libs/common/src:/app/libs/rulebook/src:/app/libs/authority/src:/app/libs/pages/src:/app/libs/cli/src:/app/services/console/src:/app/services/directory/src:/app/services/editorial/src:/app/services/intake/src:/app/services/portal/src \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NHIPCAU_HOST=0.0.0.0 \
    NHIPCAU_PORT=8080
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["python", "-m", "common.serve"]
