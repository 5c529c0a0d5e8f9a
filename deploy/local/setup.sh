#!/bin/sh
# Makes .venv from requirements.lock with the newest Python of 3.11-3.13 on this machine; does nothing when it is fresh.
# Whatever goes wrong is said in one line. PYTHON=… chooses the interpreter; pip's configuration (index, certificate,
# time-out) holds for everything that is fetched.
set -eu
cd "$(dirname "$0")/../.."

new=.venv.new
log=.venv.log

trouble() { echo "setup: $*" >&2; exit 1; }

usable() { "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
  pyenv=${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}/versions
  for version in 3.13 3.12 3.11; do
    for candidate in "python$version" "$pyenv/$version".*/bin/"python$version"; do
      if command -v "$candidate" >/dev/null 2>&1 && usable "$candidate"; then echo "$candidate"; return; fi
    done
  done
  if command -v python3 >/dev/null 2>&1 && usable python3; then echo python3; return; fi
  return 1
}

no_python() {
  if command -v python3 >/dev/null 2>&1; then found="found $(python3 --version 2>&1)"; else found="found no python3 at all"; fi
  trouble "Python 3.11, 3.12 or 3.13 with venv is needed ($found): apt-get install python3 python3-venv, or name one with PYTHON="
}

if [ -n "${PYTHON:-}" ]; then
  usable "$PYTHON" || trouble "PYTHON=$PYTHON is not a Python 3.11-3.13 with venv: name another, or leave it out"
  python=$PYTHON
else
  python=$(find_python) || no_python
fi

members=$(for project in contracts libs/* services/*; do [ ! -f "$project/pyproject.toml" ] || echo "$project"; done)
fingerprint() {
  { cat requirements.lock pyproject.toml libs/pages/package-lock.json "$0"; for member in $members; do echo "$member"; cat "$member/pyproject.toml"; done
    pwd; "$python" --version; } 2>/dev/null | sha256sum | cut -c1-64
}
stamp=$(fingerprint)
is_fresh() { [ -x .venv/bin/python ] && [ -e libs/pages/node_modules/.fetched ] && [ "$(cat .venv/.stamp 2>/dev/null || true)" = "$stamp" ]; }
if is_fresh; then exit 0; fi

# --- from here on something has to be made ------------------------------------------------------------------------

[ -w . ] || trouble "this folder cannot be written: run as its owner, $(stat -c %U . 2>/dev/null || echo 'see ls -ld .')"
if command -v flock >/dev/null 2>&1; then
  exec 9>.venv.lock
  flock -n 9 || { echo "setup: another set-up runs in this folder; waiting for it …"; flock -w 600 9 || trouble "the other set-up did not end in 10 minutes: end it and start again"; }
  if is_fresh; then exit 0; fi
fi
began=$(date +%s)
pip_setting() { "$new/bin/python" -m pip config list 2>/dev/null | sed -n "s/^[^=]*\.$1='\(.*\)'\$/\1/p" | head -n 1 | sed 's/\\n/ /g'; }

is_damaged() { grep -qiE 'hash mismatch|do not match the hashes' "$log"; }
explain() {
  if grep -qiE 'No space left|Disk quota|os error 28' "$log"; then
    echo "the disk that holds $(pwd), the cache or the temporary folder is full: free about 2 GB and start again"
  elif is_damaged; then
    echo "a download came damaged twice (its hash is not the one in requirements.lock): a proxy or mirror changes it; try another network or PIP_INDEX_URL"
  elif grep -qiE 'Read-only file system|Permission denied' "$log"; then
    echo "$(grep -iE 'Read-only file system|Permission denied' "$log" | tail -n 1 | tr -s ' '): make that folder writable for $(id -un), or set HOME / UV_CACHE_DIR to one that is"
  elif grep -qiE 'certificate|UnknownIssuer' "$log"; then
    echo "the package registry's certificate is not trusted here: name your authority's file in PIP_CERT (or pip config set global.cert …)"
  elif grep -qiE 'Failed to (fetch|download)|timed? ?out|dns error|Name or service|resolution|Connection|error sending request|No matching distribution|from versions: none' "$log"; then
    echo "the package registry does not answer or lacks a package: check the network, or set PIP_INDEX_URL to a mirror, and start again (log: $log)"
  else
    echo "$(grep -v '^ *$' "$log" | tail -n 1) (log: $log)"
  fi
}

ticker=
show_downloads() { # uv names what it downloads and what has come
  while sleep 5; do
    asked=$(grep -c '^Downloading' "$log" || true); came=$(grep -c '^ *Downloaded' "$log" || true)
    [ "$asked" = 0 ] || echo "setup:   … $came of $asked large packages fetched"
  done
}
quiet() { # runs a command with its words in the log, and shows that it moves
  show_downloads 9>&- & ticker=$!
  code=0; "$@" >>"$log" 2>&1 || code=$?
  kill "$ticker" 2>/dev/null || true; wait "$ticker" 2>/dev/null || true
  return "$code"
}
trap '[ -z "$ticker" ] || kill "$ticker" 2>/dev/null || true' EXIT

run() { # run "what it does" command …
  echo "setup: $1 …"
  shift
  quiet "$@" || trouble "$(explain)"
}
run_fetching() { # run_fetching "what it does" "option that bypasses the cache" command …: a damaged download is fetched again once
  echo "setup: $1 …"
  bypass=$2
  shift 2
  if quiet "$@"; then return; fi
  is_damaged || trouble "$(explain)"
  echo "setup: a download came damaged; fetching it again …"
  : >"$log"
  quiet "$@" "$bypass" || trouble "$(explain)"
}

if [ "$(df -Pk . 2>/dev/null | awk 'NR == 2 { print ($4 < 1500000) }')" = 1 ]; then
  trouble "the disk that holds $(pwd) has less than 1.5 GB free: free some space and start again"
fi
rm -rf "$new" 2>/dev/null || trouble "$new cannot be removed: it belongs to another user; remove it and start again"
: >"$log" || trouble "$log cannot be written: remove it and start again"

run "$("$python" --version) ($python): new environment" "$python" -m venv --prompt nhipcau "$new"
timeout=${PIP_DEFAULT_TIMEOUT:-$(pip_setting timeout)}
timeout=${timeout:-20}
grep -A 40 '^uv==' requirements.lock | awk 'NR > 1 && /^[a-z]/ { exit } { print }' >"$new/uv.lock"
run_fetching "fetching the installer" --no-cache-dir \
  "$new/bin/python" -m pip install --disable-pip-version-check --no-input --retries 2 --timeout "$timeout" --require-hashes -r "$new/uv.lock"
cp "$new/bin/uv" "$new/uv" # the sync below may replace the installed one

index=$(pip_setting index-url); extra=$(pip_setting extra-index-url); links=$(pip_setting find-links); cert=$(pip_setting cert)
export UV_HTTP_TIMEOUT="$timeout" UV_NO_CONFIG=1
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
[ -z "$extra" ] || export UV_EXTRA_INDEX_URL="${UV_EXTRA_INDEX_URL:-$extra}"
[ -z "$links" ] || export UV_FIND_LINKS="${UV_FIND_LINKS:-$links}"
[ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"

packages=$(grep -c '^[a-zA-Z0-9].*==' requirements.lock)
run_fetching "fetching and installing $packages locked packages (about 250 MB the first time)" --refresh \
  "$new/uv" pip sync --require-hashes --python "$new/bin/python" requirements.lock
editable=""
for member in $members; do editable="$editable -e ./$member"; done
# shellcheck disable=SC2086
run "installing our own packages" "$new/uv" pip install --no-deps --no-build-isolation --offline --python "$new/bin/python" $editable

run "fetching what browsers load (styles, typeface)" "$new/bin/python" -m pages.fetch

# A finished environment takes the old one's place at once; scripts name their interpreter by its final path.
rm -f "$new/uv" "$new/uv.lock"
grep -lIr "/$new" "$new/bin" "$new/pyvenv.cfg" 2>/dev/null | while read -r script; do sed -i "s|/$new|/.venv|g" "$script"; done
echo "$stamp" >"$new/.stamp"
if [ -e .venv ]; then rm -rf .venv.old; mv .venv .venv.old; fi
mv "$new" .venv
rm -rf .venv.old "$log" 2>/dev/null || true
echo "setup: ready in $(($(date +%s) - began)) s"
