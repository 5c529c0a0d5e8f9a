#!/bin/sh
# Makes .venv from requirements.lock with the newest Python of 3.11-3.13 on this machine; does nothing when it is fresh.
set -eu
cd "$(dirname "$0")/../.."

members="contracts libs/common libs/rulebook libs/embedded libs/cli services/directory services/portal"

usable() { "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
  pyenv=${PYENV_ROOT:-$HOME/.pyenv}/versions
  for version in 3.13 3.12 3.11; do
    for candidate in "python$version" "$pyenv/$version".*/bin/"python$version"; do
      if command -v "$candidate" >/dev/null 2>&1 && usable "$candidate"; then echo "$candidate"; return; fi
    done
  done
  if command -v python3 >/dev/null 2>&1 && usable python3; then echo python3; return; fi
  echo "setup: no Python 3.11, 3.12 or 3.13 with venv found: apt-get install python3-venv" >&2
  return 1
}

python=${PYTHON:-$(find_python)}
stamp="$(cat requirements.lock pyproject.toml contracts/pyproject.toml libs/*/pyproject.toml services/*/pyproject.toml "$0" | sha256sum | cut -c1-64) $("$python" --version)"
if [ -x .venv/bin/python ] && [ "$(cat .venv/.stamp 2>/dev/null || true)" = "$stamp" ]; then exit 0; fi

echo "setup: $("$python" --version), locked dependencies into .venv …"
rm -rf .venv
"$python" -m venv .venv
grep -A 40 '^uv==' requirements.lock | awk 'NR > 1 && /^[a-z]/ { exit } { print }' > .venv/uv.lock
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.lock
cp .venv/bin/uv .venv/uv
.venv/uv pip sync -q --require-hashes --python .venv/bin/python requirements.lock
editable=""
for member in $members; do editable="$editable -e ./$member"; done
# shellcheck disable=SC2086
.venv/uv pip install -q --no-deps --no-build-isolation --offline --python .venv/bin/python $editable
rm -f .venv/uv .venv/uv.lock
echo "$stamp" > .venv/.stamp
