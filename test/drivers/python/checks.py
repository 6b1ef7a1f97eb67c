"""What applications do, through the Python driver: see run.sh. Each check is a function that takes a
session and the name of a keyspace of its own, and runs once per connection of CONNECTIONS."""

import datetime
import decimal
import logging
import sys
import threading
import traceback
import uuid
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.getLogger("cassandra").setLevel(logging.CRITICAL)

from cassandra import AlreadyExists, ConsistencyLevel, InvalidRequest, Unavailable
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import RoundRobinPolicy
from cassandra.protocol import ConfigurationException, SyntaxException
from cassandra.query import BatchStatement, BatchType, SimpleStatement
from cassandra.util import Date, Duration, OrderedMapSerializedKey, Time

GOLDEN = (
    Path(__file__).resolve().parents[3]
    / "engine/src/test/resources/io/helenus/engine/types/order.golden"
)
CONNECTIONS = [(4, False), (4, "lz4"), (5, False), (5, "lz4"), (None, True)]
PARTITIONS, ROWS, PER_BATCH, PAGE = 10, 10_000, 250, 997
TIMEOUT = 60


def expect(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def refuses(session, cql, kind, named):
    try:
        session.execute(cql)
    except kind as error:
        if named not in str(error):
            raise AssertionError(f"{cql}: {error} does not name {named}")
        return
    raise AssertionError(f"{cql}: no {kind.__name__}")


# ---- Types

TYPES = [
    ("ascii", ["", "plain", "a\0b"]),
    ("bigint", [0, -(2**63), 2**63 - 1]),
    ("blob", [b"", b"\x00\xff\x07"]),
    ("boolean", [True, False]),
    ("date", [Date(0), Date(-1), Date(20_000)]),
    ("decimal", [decimal.Decimal("1.0"), decimal.Decimal("-1E-30"), decimal.Decimal(0)]),
    ("double", [-0.0, 5e-324, float("-inf")]),
    ("duration", [Duration(1, 2, 3), Duration(-1, -2, -3)]),
    ("float", [0.5, -0.0, float("inf")]),
    ("inet", ["127.0.0.1", "::1"]),
    ("int", [0, -(2**31), 2**31 - 1]),
    ("smallint", [-(2**15), 2**15 - 1]),
    ("text", ["", "h\u00e9llo \U0001f42a", "a\0"]),
    ("time", [Time(0), Time(86_399_999_999_999)]),
    ("timestamp", [datetime.datetime(1970, 1, 1), datetime.datetime(1969, 12, 31, 23, 59, 59, 999000)]),
    ("timeuuid", [uuid.uuid1()]),
    ("tinyint", [-128, 127]),
    ("uuid", [uuid.UUID(int=0), uuid.uuid4()]),
    ("varint", [0, -(2**200)]),
    ("list<int>", [[3, 1, 3]]),
    ("set<text>", [{"", "a", "b"}]),
    ("map<text, frozen<list<int>>>", [{"": [], "k": [1, 2, 1]}]),
    ("frozen<tuple<int, text>>", [(1, "one"), (1, None)]),
]


def plain(value):
    if isinstance(value, OrderedMapSerializedKey):
        return {key: plain(each) for key, each in value.items()}
    if type(value).__name__ in ("SortedSet",):
        return set(value)
    return value


def types_come_back(session, keyspace):
    columns = ", ".join(f"c{i} {cql}" for i, (cql, _) in enumerate(TYPES))
    session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, {columns})")
    for i, (cql, values) in enumerate(TYPES):
        insert = session.prepare(f"INSERT INTO {keyspace}.t (k, c{i}) VALUES (?, ?)")
        select = session.prepare(f"SELECT c{i} FROM {keyspace}.t WHERE k = ?")
        for value in values:
            session.execute(insert, (1, value))
            expect(plain(session.execute(select, (1,)).one()[0]), value, cql)
            session.execute(insert, {"k": 2, f"c{i}": value})
            expect(plain(session.execute(select, (2,)).one()[0]), value, cql)
        session.execute(insert, (1, None))
        expect(session.execute(select, (1,)).one()[0], None, f"null {cql}")
    session.execute(
        f"INSERT INTO {keyspace}.t (k, c12, c10, c19) VALUES (%s, %s, %s, %s)",
        (3, "it's", 5, [1, 2]),
    )
    row = session.execute(f"SELECT c12, c10, c19 FROM {keyspace}.t WHERE k = %s", (3,)).one()
    expect(tuple(row), ("it's", 5, [1, 2]), "values in the text")


def user_types_come_back(session, keyspace):
    session.execute(f"CREATE TYPE {keyspace}.address (street text, tags frozen<set<text>>)")
    session.execute(
        f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, a address, l list<frozen<address>>)"
    )
    insert = session.prepare(f"INSERT INTO {keyspace}.t (k, a, l) VALUES (?, ?, ?)")
    home = ("Main St", {"a", "b"})
    session.execute(insert, (1, home, [home, ("Bare St", None)]))
    row = session.execute(f"SELECT a, l FROM {keyspace}.t").one()
    expect((row.a.street, set(row.a.tags)), home, "a user type")
    expect([each.street for each in row.l], ["Main St", "Bare St"], "a list of user types")


def keys_sort_as_recorded(session, keyspace):
    recorded, kind = {}, None
    for line in GOLDEN.read_text().splitlines():
        parts = line.split("\t")
        if parts[0] == "type":
            kind = recorded.setdefault(parts[1], {"insert": [], "asc": [], "desc": []})
        elif parts[0] == "insert":
            kind["insert"].append("" if parts[2] == "-" else parts[2])
        elif parts[0] in ("asc", "desc"):
            kind[parts[0]].append(int(parts[1]))
    natives = {cql: each for cql, each in recorded.items() if cql.isalpha() and cql != "blob"}
    assert len(natives) > 15, natives.keys()
    for cql, each in natives.items():
        for order, opposite in (("asc", "desc"), ("desc", "asc")):
            table = f"{keyspace}.{cql}_{order}"
            session.execute(
                f"CREATE TABLE {table} (p int, c {cql}, n int, PRIMARY KEY (p, c))"
                f" WITH CLUSTERING ORDER BY (c {order})"
            )
            for number, value in enumerate(each["insert"]):
                # As raw bytes: the driver's own codecs would tidy them.
                session.execute(
                    f"INSERT INTO {table} (p, c, n) VALUES (0, blob_as_{cql}(0x{value}), {number})"
                )
            rows = [row.n for row in session.execute(f"SELECT n FROM {table} WHERE p = 0")]
            expect(rows, each[order], table)
            back = f"SELECT n FROM {table} WHERE p = 0 ORDER BY c {opposite}"
            expect([row.n for row in session.execute(back)], rows[::-1], f"{table} reversed")


# ---- Queries


def hundred_thousand_rows_come_page_by_page(session, keyspace):
    session.execute(
        f"CREATE TABLE {keyspace}.wide (p int, c int, v text, PRIMARY KEY (p, c))"
    )
    insert = session.prepare(f"INSERT INTO {keyspace}.wide (p, c, v) VALUES (?, ?, ?)")
    pending = []
    for p in range(PARTITIONS):
        for start in range(0, ROWS, PER_BATCH):
            batch = BatchStatement(BatchType.UNLOGGED)
            for c in range(start, start + PER_BATCH):
                batch.add(insert, (p, c, f"value {c}"))
            pending.append(session.execute_async(batch))
            if len(pending) == 32:
                pending.pop(0).result()
    for each in pending:
        each.result()
    seen = [0] * PARTITIONS
    for p, c in session.execute(
        SimpleStatement(f"SELECT p, c FROM {keyspace}.wide", fetch_size=PAGE)
    ):
        expect(c, seen[p], f"partition {p}")
        seen[p] += 1
    expect(seen, [ROWS] * PARTITIONS, "rows per partition")
    newest = f"SELECT c, v FROM {keyspace}.wide WHERE p = 3 ORDER BY c DESC"
    wanted = ROWS
    for c, v in session.execute(SimpleStatement(newest, fetch_size=PAGE)):
        wanted -= 1
        expect((c, v), (wanted, f"value {wanted}"), "newest first")
    expect(wanted, 0, "the last row")


def paging_state_carries_on(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.t (p int, c int, PRIMARY KEY (p, c))")
    for c in range(25):
        session.execute(f"INSERT INTO {keyspace}.t (p, c) VALUES (0, %s)", (c,))
    statement = SimpleStatement(f"SELECT c FROM {keyspace}.t WHERE p = 0", fetch_size=10)
    seen, state, pages = [], None, 0
    while True:
        page = session.execute(statement, paging_state=state)
        seen += [row.c for row in page.current_rows]
        state, pages = page.paging_state, pages + 1
        if state is None:
            break
    expect((seen, pages), (list(range(25)), 3), "pages")


def batches_write_to_two_tables(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.a (k int PRIMARY KEY, v text)")
    session.execute(f"CREATE TABLE {keyspace}.b (k int, c int, PRIMARY KEY (k, c))")
    a = session.prepare(f"INSERT INTO {keyspace}.a (k, v) VALUES (?, ?)")
    for k, kind in enumerate((BatchType.LOGGED, BatchType.UNLOGGED)):
        batch = BatchStatement(kind)
        batch.add(a, (k, "prepared"))
        batch.add(SimpleStatement(f"INSERT INTO {keyspace}.b (k, c) VALUES (%s, 1)"), (k,))
        batch.add(SimpleStatement(f"INSERT INTO {keyspace}.b (k, c) VALUES ({k}, 2)"))
        session.execute(batch)
        expect(session.execute(f"SELECT v FROM {keyspace}.a WHERE k = {k}").one().v, "prepared")
        rows = session.execute(f"SELECT c FROM {keyspace}.b WHERE k = {k}")
        expect([row.c for row in rows], [1, 2], "rows of the batch")


def timestamps_and_times_to_live_are_kept(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v int)")
    session.execute(f"INSERT INTO {keyspace}.t (k, v) VALUES (1, 1) USING TIMESTAMP 1000")
    session.execute(f"INSERT INTO {keyspace}.t (k, v) VALUES (1, 2) USING TIMESTAMP 999")
    row = session.execute(f"SELECT v, writetime(v), ttl(v) FROM {keyspace}.t").one()
    expect(tuple(row), (1, 1000, None), "the later timestamp")
    session.execute(f"UPDATE {keyspace}.t USING TTL 1000 SET v = 3 WHERE k = 1")
    row = session.execute(f"SELECT v, ttl(v) FROM {keyspace}.t").one()
    expect((row[0], 900 < row[1] <= 1000), (3, True), "the time to live")


def many_requests_at_once(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v text)")
    insert = session.prepare(f"INSERT INTO {keyspace}.t (k, v) VALUES (?, ?)")
    select = session.prepare(f"SELECT v FROM {keyspace}.t WHERE k = ?")
    values = [(k, f"value {k}") for k in range(500)]
    for success, result in execute_concurrent_with_args(session, insert, values, concurrency=500):
        expect(success, True, result)
    keys = [(k,) for k in range(500)]
    rows = execute_concurrent_with_args(session, select, keys, concurrency=500)
    expect([each.result_or_exc.one().v for each in rows], [v for _, v in values], "values")


def a_megabyte_in_one_value(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v blob)")
    insert = session.prepare(f"INSERT INTO {keyspace}.t (k, v) VALUES (?, ?)")
    value = bytes(range(256)) * 4096
    for k in range(3):
        session.execute(insert, (k, value))
    expect([row.v == value for row in session.execute(f"SELECT v FROM {keyspace}.t")], [True] * 3)


# ---- Errors


def errors_have_their_codes(session, keyspace):
    session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v int)")
    refuses(session, "SELEC * FROM t", SyntaxException, "line 1:0")
    refuses(session, f"SELECT * FROM {keyspace}.nope", InvalidRequest, "nope")
    refuses(session, f"SELECT nope FROM {keyspace}.t", InvalidRequest, "nope")
    refuses(session, f"SELECT * FROM {keyspace}.t WHERE v = 1", InvalidRequest, "ALLOW FILTERING")
    refuses(session, f"INSERT INTO {keyspace}.t (k) VALUES ('a')", InvalidRequest, "STRING")
    refuses(session, f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY)", AlreadyExists, "t")
    replication = "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': %d}"
    refuses(session, f"CREATE KEYSPACE {keyspace} {replication % 1}", AlreadyExists, keyspace)
    refuses(
        session,
        "CREATE KEYSPACE other WITH replication = {'class': 'Nope'}",
        ConfigurationException,
        "Nope",
    )
    session.execute(f"CREATE KEYSPACE {keyspace}_three {replication % 3}")
    session.execute(f"CREATE TABLE {keyspace}_three.t (k int PRIMARY KEY)")
    write = SimpleStatement(
        f"INSERT INTO {keyspace}_three.t (k) VALUES (1)",
        consistency_level=ConsistencyLevel.QUORUM,
    )
    try:
        session.execute(write)
        raise AssertionError("two of three replicas were there")
    except Exception as error:  # bare or wrapped into "no host available"
        errors = getattr(error, "errors", None)
        cause = next(iter(errors.values())) if isinstance(errors, dict) else error
        if not isinstance(cause, Unavailable):
            raise
        expect((cause.required_replicas, cause.alive_replicas), (2, 1), "replicas")
    session.execute(f"DROP KEYSPACE {keyspace}_three")


def statement_of_a_table_made_anew_is_prepared_again(session, keyspace):
    create = f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, v int)"
    session.execute(create)
    insert = session.prepare(f"INSERT INTO {keyspace}.t (k, v) VALUES (?, ?)")
    session.execute(insert, (1, 1))
    session.execute(f"DROP TABLE {keyspace}.t")
    session.execute(create)
    session.execute(insert, (1, 2))
    expect(session.execute(f"SELECT v FROM {keyspace}.t").one().v, 2)


# ---- Metadata


def metadata_equals_what_was_created(session, keyspace):
    session.execute(f'CREATE TYPE {keyspace}."Addr" (street text, "No" frozen<set<int>>)')
    session.execute(
        f'''CREATE TABLE {keyspace}."T" (a int, "B" text, c timeuuid, d decimal, s map<text, int> static,
            l list<frozen<"Addr">>, PRIMARY KEY ((a, "B"), c, d))
            WITH CLUSTERING ORDER BY (c DESC, d ASC) AND comment = 'it''s' AND gc_grace_seconds = 77'''
    )
    known = session.cluster.metadata.keyspaces[keyspace]
    expect(known.replication_strategy.replication_factor, 1, "replication")
    expect(known.user_types["Addr"].field_names, ["street", "No"], "fields")
    table = known.tables["T"]
    expect([column.name for column in table.partition_key], ["a", "B"], "partition key")
    expect([column.name for column in table.clustering_key], ["c", "d"], "clustering key")
    expect([column.is_reversed for column in table.clustering_key], [True, False], "orders")
    expect((table.columns["s"].cql_type, table.columns["s"].is_static), ("map<text, int>", True))
    expect(table.options["comment"], "it's", "comment")
    text = table.export_as_string()
    for part in ("gc_grace_seconds = 77", "CLUSTERING ORDER BY (c DESC, d ASC)", '"B" text'):
        assert part in text, text
    host = session.cluster.metadata.all_hosts()[0]
    assert host.release_version.startswith("5.0."), host.release_version
    assert len(session.cluster.metadata.token_map.ring) > 0


def changes_reach_another_session(session, keyspace):
    created = threading.Event()

    class Listening(type(session.cluster.metadata)):
        def refresh(self, *arguments, **named):
            result = super().refresh(*arguments, **named)
            if "later" in getattr(self.keyspaces.get(keyspace), "tables", {}):
                created.set()
            return result

    other = connect(HOST, PORT, 4, False)
    try:
        other.metadata.__class__ = Listening
        other.connect()
        session.execute(f"CREATE TABLE {keyspace}.later (k int PRIMARY KEY)")
        assert created.wait(TIMEOUT), "no event"
    finally:
        other.shutdown()


CHECKS = [
    types_come_back,
    user_types_come_back,
    keys_sort_as_recorded,
    hundred_thousand_rows_come_page_by_page,
    paging_state_carries_on,
    batches_write_to_two_tables,
    timestamps_and_times_to_live_are_kept,
    many_requests_at_once,
    a_megabyte_in_one_value,
    errors_have_their_codes,
    statement_of_a_table_made_anew_is_prepared_again,
    metadata_equals_what_was_created,
    changes_reach_another_session,
]
# Long ones, which one connection is enough for.
ONCE = {hundred_thousand_rows_come_page_by_page, keys_sort_as_recorded}


def connect(host, port, version, compression):
    profile = ExecutionProfile(
        load_balancing_policy=RoundRobinPolicy(), request_timeout=TIMEOUT
    )
    named = {} if version is None else {"protocol_version": version}
    return Cluster(
        [host],
        port=port,
        compression=compression,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        connect_timeout=TIMEOUT,
        control_connection_timeout=TIMEOUT,
        schema_event_refresh_window=0,
        topology_event_refresh_window=0,
        max_schema_agreement_wait=TIMEOUT,
        **named,
    )


def main(host, port):
    passed = failed = 0
    run = uuid.uuid4().hex[:8]
    for number, (version, compression) in enumerate(CONNECTIONS):
        cluster = connect(host, port, version, compression)
        session = cluster.connect()
        name = f"v{cluster.protocol_version} {compression or 'plain'}"
        if version is None:
            expect(cluster.protocol_version, 5, "the version that was agreed on")
        for check in CHECKS:
            if check in ONCE and (version, compression) != (5, "lz4"):
                continue
            keyspace = f"py_{run}_{number}_{CHECKS.index(check)}"
            try:
                session.execute(
                    f"CREATE KEYSPACE {keyspace} WITH replication ="
                    " {'class': 'SimpleStrategy', 'replication_factor': 1}"
                )
                check(session, keyspace)
                session.execute(f"DROP KEYSPACE {keyspace}")
                passed += 1
            except Exception:
                failed += 1
                print(f"FAILED {check.__name__} over {name}")
                traceback.print_exc(file=sys.stdout)
        cluster.shutdown()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    HOST, PORT = sys.argv[1], int(sys.argv[2])
    sys.exit(main(HOST, PORT))
