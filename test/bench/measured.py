"""Runs a command and prints, as a line of JSON on standard error, what its processes cost:

    measured.py ROWS COMMAND [ARGUMENT]...

The greatest resident set is that of the largest of its processes. Ends as the command does."""

import json
import resource
import subprocess
import sys
import time

rows = int(sys.argv[1])
begin = time.monotonic()
code = subprocess.call(sys.argv[2:])
seconds = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
print(
    json.dumps(
        {
            "rows": rows,
            "seconds": round(seconds, 1),
            "rows_per_second": round(rows / seconds),
            "cpu_us_per_row": round(cpu * 1e6 / rows, 2),
            "peak_resident_mib": used.ru_maxrss // 1024,
        }
    ),
    file=sys.stderr,
)
sys.exit(code)
