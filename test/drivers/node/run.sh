#!/bin/bash
# Checks a running server with the Node.js driver from npm: run.sh HOST PORT
# Installs what is missing. Prints "N passed, N failed" and exits with 1 if any check failed.
set -euo pipefail
if (($# != 2)); then
    echo "usage: $0 HOST PORT" >&2
    exit 2
fi
cd "$(dirname "$0")"
if ! [[ node_modules/.package-lock.json -nt package-lock.json ]]; then
    npm ci --silent --no-audit --no-fund >&2
fi
exec node checks.js "$1" "$2"
