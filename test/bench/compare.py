#!/usr/bin/env python3
"""What compare.sh asks of numbers. Results are a file of JSON objects, one a line.

    compare.py watch DATA OUT         note when flushes of bench.kv end, until a signal ends this
    compare.py settle DATA            wait until files of tables do not change any more
    compare.py seconds RESULTS SERVER WORKLOAD OPERATIONS MARGIN
                                      how long to run so that so many operations complete
    compare.py judge RESULTS FACT=VALUE...
                                      append what comes on standard input, with the facts and whatever is
                                      wrong with it; ends with 1 if something is, with 3 if it is
                                      only that too few operations completed
    compare.py report RESULTS         the tables; ends with 1 if something was wrong
"""

import glob
import json
import math
import os
import statistics
import struct
import sys
import time

WORKLOADS = {
    "write": "prepared write",
    "read-uniform": "prepared point read",
    "scan": "full scan, per row",
    "timeseries": "write to a wide partition",
    "latest20": "newest 20 rows of a partition",
}
HEADER_BYTES = 28
TOO_FEW = "too few operations"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            return value, at


def replay_positions(path):
    """The log positions that a table's manifest has had: each flush adds one, nothing else does. The
    format is described in io.helenus.engine.storage.manifest."""
    with open(path, "rb") as file:
        data = file.read()
    magic, version = struct.unpack_from(">4sI", data)
    if magic != b"HMAN" or version != 1:
        raise SystemExit(f"{path} is of a format that compare.py does not know")
    positions = []
    at = HEADER_BYTES
    while at + 12 <= len(data):
        length = struct.unpack_from(">I", data, at)[0]
        item, end = at + 12, at + 12 + length
        if length == 0 or end + 4 > len(data):
            break
        while item < end:
            code = data[item]
            item += 1
            if code == 1:
                for _ in range(2):
                    _, item = varint(data, item)
                _, item = varint(data, item + 4)
                item += 24
                for _ in range(2):
                    key_bytes, item = varint(data, item)
                    item += key_bytes
            elif code in (2, 5, 6, 7):
                _, item = varint(data, item)
            elif code == 3:
                positions.append(struct.unpack_from(">q", data, item)[0])
                item += 8
            elif code == 4:
                item += 16
            else:
                raise SystemExit(f"{path} has an item {code}, which compare.py does not know")
        at = end + 4
    return positions


def manifest(directory):
    found = glob.glob(os.path.join(directory, "data", "bench", "kv-*", "manifest"))
    return found[0] if found else None


def watch(directory, out):
    seen = set()
    with open(out, "w", encoding="ascii", buffering=1) as file:
        while True:
            path = manifest(directory)
            for position in replay_positions(path) if path else ():
                if position not in seen:
                    seen.add(position)
                    file.write(f"{time.time():.3f}\n")
            time.sleep(0.25)


def settle(directory, seconds=5, deadline=600):
    def files():
        found = glob.glob(os.path.join(directory, "data", "**", "*.sst*"), recursive=True)
        return sorted((path, os.path.getsize(path)) for path in found if os.path.exists(path))

    end = time.time() + deadline
    before, since = files(), time.time()
    while time.time() - since < seconds:
        if time.time() > end:
            raise SystemExit(f"Files in {directory} still change after {deadline} s")
        time.sleep(0.5)
        now = files()
        if now != before:
            before, since = now, time.time()


def results(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def seconds(path, server, workload, operations, margin):
    """From the rate of the last such run, or else from the rate of loading."""
    rate = None
    for result in results(path):
        if result.get("label") == server and "ops_per_s" in result:
            name = result["workload"].split("-")[0]
            if name == workload or (name == "load" and rate is None):
                rate = result["ops_per_s"]
    print(math.ceil(int(operations) / max(1, rate or 20_000) * float(margin)))


def problems_of(result, facts):
    problems = []
    if "check" in result:
        for what in ("wrong", "missing", "strange"):
            if result[what] != 0:
                problems.append(f"{result[what]} {what} rows")
        return problems
    if "workload" not in result:
        return ["it ended without a result"]
    if result["errors"] != 0:
        problems.append(f"{result['errors']} errors: {result.get('first_error')}")
    if result["workload"] == "load":
        return problems
    if result["ops"] < int(facts["operations"]):
        problems.append(TOO_FEW)
    if result["workload"].startswith("read-") and result["rows"] != result["ops"]:
        problems.append(f"{result['ops'] - result['rows']} reads found nothing")
    if "flushes" in result and result["flushes"] < int(facts["flushes_min"]):
        problems.append(f"{result['flushes']} flushes only")
    return problems


def judge(path, *facts):
    facts = dict(fact.split("=", 1) for fact in facts)
    result, end = {}, time.time()
    for line in sys.stdin:
        if line.startswith("{"):
            end = time.time()  # the generator prints when its window is over
            result = json.loads(line)
        else:
            sys.stderr.write(line)
    flushes = facts.pop("flushes", None)
    if flushes:
        begin = end - result.get("seconds", 0)
        with open(flushes, encoding="ascii") as file:
            result["flushes"] = sum(begin + 0.5 <= float(line) <= end for line in file)
    problems = problems_of(result, facts)
    result.update(label=facts["server"], round=facts["round"], setup=facts["setup"])
    if "stage" in facts:
        result["stage"] = facts["stage"]
    if problems:
        result["problems"] = problems
    line = json.dumps(result, separators=(",", ":"))
    print(line, flush=True)
    with open(path, "a", encoding="utf-8") as file:
        file.write(line + "\n")
    sys.exit(0 if not problems else 3 if problems == [TOO_FEW] else 1)


def median(runs, field):
    values = [run[field] for run in runs if field in run]
    return statistics.median(values) if values else None


def span(runs, field):
    values = sorted(run[field] for run in runs)
    return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"


def report(path):
    everything = results(path)
    good = [result for result in everything if not result.get("problems")]
    runs = {}
    for result in good:
        if "workload" in result:
            runs.setdefault((result["workload"], result["label"]), []).append(result)
    peers = sorted({label for _, label in runs if label.startswith("cassandra")})
    print("Server CPU, µs per operation: median (least–greatest) of the runs\n")
    print("| operation | floor | Helenus |" + "".join(f" {peer} | ratio |" for peer in peers))
    print("|---|---:|---:|" + "---:|---:|" * len(peers))
    field = "server_cpu_us_per_op"
    for workload, name in WORKLOADS.items():
        ours = runs.get((workload, "helenus"), [])
        if not ours:
            continue
        floor = median(runs.get((workload, "echo"), []), field)
        line = f"| {name} | {'–' if floor is None else format(floor, '.2f')} | {span(ours, field)} |"
        for peer in peers:
            theirs = runs.get((workload, peer), [])
            ratio = median(theirs, field) / max(0.01, median(ours, field)) if theirs else None
            line += f" {span(theirs, field)} | {ratio:.1f} |" if theirs else " – | – |"
        print(line)
    print("\n| round | server | workload | operations | s | ops/s | p50 ms | p99 ms | p99.9 ms"
          " | µs/op | client µs/op | RSS MiB | flushes | errors | problems |")
    print("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    for run in everything:
        if "workload" in run and run["workload"] in ("load", *WORKLOADS):
            print("| " + " | ".join(str(run.get(key, "")) for key in (
                "round", "label", "workload", "ops", "seconds", "ops_per_s", "p50_ms", "p99_ms",
                "p999_ms", field, "client_cpu_us_per_op", "server_rss_mib", "flushes", "errors"))
                + f" | {'; '.join(run.get('problems', []))} |")
    print("\n| round | server | values after | expected | rows | wrong | missing | strange |")
    print("|---|---|---|---|---:|---:|---:|---:|")
    for check in everything:
        if "check" in check:
            print("| " + " | ".join(str(check.get(key, "")) for key in (
                "round", "label", "stage", "check", "rows", "wrong", "missing", "strange")) + " |")
    print()
    for setup in sorted({result["setup"] for result in everything if "setup" in result}):
        print(setup)
    repeated = {(run["round"], run["label"], run["workload"]) for run in good
                if "workload" in run and "round" in run}
    bad = [run for run in everything if run.get("problems")
           and not (run["problems"] == [TOO_FEW]
                    and (run.get("round"), run["label"], run["workload"]) in repeated)]
    for run in bad:
        what = run.get("workload") or run.get("check") or "a run"
        print(f"Failed: {run['label']}, {what}, round {run.get('round')}: {'; '.join(run['problems'])}")
    sys.exit(1 if bad else 0)


COMMANDS = {
    "watch": watch, "settle": settle, "seconds": seconds, "judge": judge, "report": report,
}
if len(sys.argv) < 3 or sys.argv[1] not in COMMANDS:
    sys.exit(__doc__)
COMMANDS[sys.argv[1]](*sys.argv[2:])
