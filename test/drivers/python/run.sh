#!/bin/bash
# Checks a running server with Debian's Python driver: run.sh HOST PORT
# Installs what is missing. Prints "N passed, N failed" and exits with 1 if any check failed.
set -euo pipefail
if (($# != 2)); then
    echo "usage: $0 HOST PORT" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3
missing=()
"$python" -c 'import cassandra' 2>/dev/null || missing+=(python3-cassandra)
"$python" -c 'import lz4.block' 2>/dev/null || missing+=(python3-lz4)
if ((${#missing[@]} > 0)); then
    as_root=()
    if ((EUID != 0)); then
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
exec "$python" "$here/checks.py" "$1" "$2"
