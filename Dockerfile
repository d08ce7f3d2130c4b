# The fake endpoint as an image:  docker build -t chatproof . && docker run -p 8080:8080 chatproof
# Everything that is installed is pinned by hash in requirements/.

FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/image.txt requirements/build.txt requirements/
RUN python -m pip install --quiet --no-cache-dir --no-compile --require-hashes -r requirements/build.txt
RUN python -m venv --without-pip /opt/chatproof
RUN python -m pip --python /opt/chatproof/bin/python install --quiet --no-cache-dir --require-hashes -r requirements/image.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY schemas schemas
COPY fakeserver fakeserver
COPY conformance conformance
RUN python -m pip wheel --quiet --no-cache-dir --no-deps --no-build-isolation --wheel-dir /opt/wheels .
RUN python -m pip --python /opt/chatproof/bin/python install --quiet --no-cache-dir --no-deps --no-index --find-links /opt/wheels chatproof

FROM python:3.13-slim
COPY --from=build /opt/chatproof /opt/chatproof
ENV PATH="/opt/chatproof/bin:$PATH" PYTHONUNBUFFERED="1" PYTHONDONTWRITEBYTECODE="1"
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# Any answer will do: with several workers it is 501, and a recorder says 404. It is in no journal.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8080, timeout=2); c.request('GET', '/_fake/keys'); c.getresponse()"]
ENTRYPOINT ["chatproof", "serve", "--host", "0.0.0.0"]
