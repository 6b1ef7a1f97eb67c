'use strict';
// What applications do, through the Node.js driver: see run.sh. Each check takes a connected client and
// the name of a keyspace of its own, and runs once per protocol version. This driver speaks neither v5
// nor compression.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const cassandra = require('cassandra-driver');

const { types } = cassandra;
const GOLDEN = path.resolve(
  __dirname, '../../../engine/src/test/resources/io/helenus/engine/types/order.golden');
const VERSIONS = [3, 4];
const PARTITIONS = 10, ROWS = 10000, PER_BATCH = 250, PAGE = 997, AT_ONCE = 32;
const TIMEOUT = 60000;
const prepared = { prepare: true };
const [host, port] = [process.argv[2], Number(process.argv[3])];

const REPLICATION = n => `WITH replication = {'class': 'SimpleStrategy', 'replication_factor': ${n}}`;

function connect(version) {
  return new cassandra.Client({
    contactPoints: [`${host}:${port}`],
    localDataCenter: 'datacenter1',
    protocolOptions: { maxVersion: version },
    socketOptions: { readTimeout: TIMEOUT, connectTimeout: TIMEOUT },
    pooling: { warmup: true },
    refreshSchemaDelay: 0,
  });
}

async function all(client, cql) {
  return (await client.execute(cql, [], { fetchSize: 100000 })).rows;
}

async function first(client, cql) {
  return (await client.execute(cql)).first();
}

// ---- Types

// Name, values, and the first version in which it is not a custom type.
const TYPES = [
  ['ascii', ['', 'plain', 'a\0b']],
  ['bigint', [types.Long.ZERO, types.Long.MIN_VALUE, types.Long.MAX_VALUE]],
  ['blob', [Buffer.alloc(0), Buffer.from([0, 255, 7])]],
  ['boolean', [true, false]],
  ['date', [types.LocalDate.fromString('1970-01-01'), types.LocalDate.fromString('1969-12-31')], 4],
  ['decimal', [types.BigDecimal.fromString('1.0'), types.BigDecimal.fromString('-0.00001')]],
  ['double', [-0, 5e-324, -Infinity, NaN]],
  ['duration', [types.Duration.fromString('1mo2d3ns'), types.Duration.fromString('-1y5h')], 4],
  ['float', [0.5, -0, Infinity]],
  ['inet', [types.InetAddress.fromString('127.0.0.1'), types.InetAddress.fromString('::1')]],
  ['int', [0, -(2 ** 31), 2 ** 31 - 1]],
  ['smallint', [-(2 ** 15), 2 ** 15 - 1], 4],
  ['text', ['', 'h\u00e9llo \u{1f42a}', 'a\0']],
  ['time', [types.LocalTime.fromString('00:00:00'), types.LocalTime.fromString('23:59:59.999999999')], 4],
  ['timestamp', [new Date(0), new Date(-1)]],
  ['timeuuid', [types.TimeUuid.now()]],
  ['tinyint', [-128, 127], 4],
  ['uuid', [types.Uuid.random()]],
  ['varint', [types.Integer.fromString('0'), types.Integer.fromString('-' + '9'.repeat(60))]],
  ['list<int>', [[3, 1, 3]]],
  ['set<text>', [['', 'a', 'b']]],
  ['map<text, frozen<list<int>>>', [{ k: [1, 2, 1] }]],
  ['frozen<tuple<int, text>>', [new types.Tuple(1, 'one')]],
];

// Types that this driver takes as hints for values that it sends unprepared.
const HINTED = /^(?!duration)[a-z]+(<[a-z]+>)?$/;

function same(actual, expected, what) {
  if (typeof expected === 'number') {
    assert.ok(Object.is(actual, expected), `${what}: ${actual} instead of ${expected}`);
  } else if (expected !== null && typeof expected.equals === 'function') {
    assert.ok(expected.equals(actual), `${what}: ${actual} instead of ${expected}`);
  } else if (expected instanceof types.Tuple) {
    assert.deepEqual(actual.values(), expected.values(), what);
  } else {
    assert.deepEqual(actual, expected, what);
  }
}

async function typesComeBack(client, keyspace, version) {
  const known = TYPES.filter(([, , since]) => since === undefined || version >= since);
  const columns = known.map(([cql], i) => `c${i} ${cql}`).join(', ');
  await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, ${columns})`);
  for (const [i, [cql, values]] of known.entries()) {
    const insert = `INSERT INTO ${keyspace}.t (k, c${i}) VALUES (?, ?)`;
    const select = `SELECT c${i} FROM ${keyspace}.t WHERE k = ?`;
    for (const value of values) {
      await client.execute(insert, [1, value], prepared);
      same((await client.execute(select, [1], prepared)).first().get(0), value, cql);
      if (HINTED.test(cql)) {
        await client.execute(insert, [2, value], { hints: ['int', cql] });
        same((await client.execute(select, [2], { hints: ['int'] })).first().get(0), value, cql);
      }
    }
    await client.execute(insert, [1, null], prepared);
    same((await client.execute(select, [1], prepared)).first().get(0), null, `null ${cql}`);
  }
  const text = `c${known.findIndex(([cql]) => cql === 'text')}`;
  await client.execute(`INSERT INTO ${keyspace}.t (k, ${text}) VALUES (:key, :text)`,
    { key: 3, text: 'named' }, prepared);
  assert.equal((await first(client, `SELECT ${text} FROM ${keyspace}.t WHERE k = 3`)).get(0), 'named');
}

async function userTypesComeBack(client, keyspace) {
  await client.execute(`CREATE TYPE ${keyspace}.address (street text, tags frozen<set<text>>)`);
  await client.execute(
    `CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, a frozen<address>, l list<frozen<address>>)`);
  const home = { street: 'Main St', tags: ['a', 'b'] };
  await client.execute(`INSERT INTO ${keyspace}.t (k, a, l) VALUES (?, ?, ?)`,
    [1, home, [home, { street: 'Bare St' }]], prepared);
  const row = await first(client, `SELECT a, l FROM ${keyspace}.t`);
  assert.deepEqual({ ...row.a }, home);
  assert.deepEqual(row.l.map(each => each.street), ['Main St', 'Bare St']);
}

async function keysSortAsRecorded(client, keyspace) {
  const recorded = new Map();
  let kind;
  for (const line of fs.readFileSync(GOLDEN, 'utf8').split('\n')) {
    const [what, name, value] = line.split('\t');
    if (what === 'type') {
      recorded.set(name, kind = { insert: [], asc: [], desc: [] });
    } else if (what === 'insert') {
      kind.insert.push(value === '-' ? '' : value);
    } else if (what === 'asc' || what === 'desc') {
      kind[what].push(Number(name));
    }
  }
  const natives = [...recorded].filter(([cql]) => /^[a-z]+$/.test(cql) && cql !== 'blob');
  assert.ok(natives.length > 15);
  for (const [cql, each] of natives) {
    for (const [order, opposite] of [['asc', 'desc'], ['desc', 'asc']]) {
      const table = `${keyspace}.${cql}_${order}`;
      await client.execute(`CREATE TABLE ${table} (p int, c ${cql}, n int, PRIMARY KEY (p, c))
        WITH CLUSTERING ORDER BY (c ${order})`);
      for (const [number, value] of each.insert.entries()) {
        // As raw bytes: the driver's own encoders would tidy them.
        await client.execute(
          `INSERT INTO ${table} (p, c, n) VALUES (0, blob_as_${cql}(0x${value}), ${number})`);
      }
      const rows = (await all(client, `SELECT n FROM ${table} WHERE p = 0`)).map(row => row.n);
      assert.deepEqual(rows, each[order], table);
      const back = await all(client, `SELECT n FROM ${table} WHERE p = 0 ORDER BY c ${opposite}`);
      assert.deepEqual(back.map(row => row.n), rows.reverse(), `${table} reversed`);
    }
  }
}

// ---- Queries

async function hundredThousandRowsComePageByPage(client, keyspace) {
  await client.execute(
    `CREATE TABLE ${keyspace}.wide (p int, c int, v text, PRIMARY KEY (p, c))`);
  const query = `INSERT INTO ${keyspace}.wide (p, c, v) VALUES (?, ?, ?)`;
  let pending = [];
  for (let p = 0; p < PARTITIONS; p++) {
    for (let from = 0; from < ROWS; from += PER_BATCH) {
      const batch = [];
      for (let c = from; c < from + PER_BATCH; c++) {
        batch.push({ query, params: [p, c, `value ${c}`] });
      }
      pending.push(client.batch(batch, { prepare: true, logged: false }));
      if (pending.length === AT_ONCE) {
        await Promise.all(pending);
        pending = [];
      }
    }
  }
  await Promise.all(pending);
  const seen = new Array(PARTITIONS).fill(0);
  const every = await client.execute(`SELECT p, c FROM ${keyspace}.wide`, [],
    { prepare: true, fetchSize: PAGE });
  for await (const row of every) {
    assert.equal(row.c, seen[row.p]++);
  }
  assert.deepEqual(seen, new Array(PARTITIONS).fill(ROWS));
  let wanted = ROWS;
  const newest = await client.execute(
    `SELECT c, v FROM ${keyspace}.wide WHERE p = 3 ORDER BY c DESC`, [], { fetchSize: PAGE });
  for await (const row of newest) {
    wanted--;
    assert.deepEqual([row.c, row.v], [wanted, `value ${wanted}`]);
  }
  assert.equal(wanted, 0);
}

async function pageStateCarriesOn(client, keyspace) {
  await client.execute(`CREATE TABLE ${keyspace}.t (p int, c int, PRIMARY KEY (p, c))`);
  for (let c = 0; c < 25; c++) {
    await client.execute(`INSERT INTO ${keyspace}.t (p, c) VALUES (0, ?)`, [c], prepared);
  }
  const seen = [];
  let pageState, pages = 0;
  do {
    const page = await client.execute(`SELECT c FROM ${keyspace}.t WHERE p = 0`, [],
      { fetchSize: 10, pageState });
    seen.push(...page.rows.map(row => row.c));
    pageState = page.pageState;
    pages++;
  } while (pageState);
  assert.deepEqual(seen, [...Array(25).keys()]);
  assert.equal(pages, 3);
}

async function batchesWriteToTwoTables(client, keyspace) {
  await client.execute(`CREATE TABLE ${keyspace}.a (k int PRIMARY KEY, v text)`);
  await client.execute(`CREATE TABLE ${keyspace}.b (k int, c int, PRIMARY KEY (k, c))`);
  for (const logged of [true, false]) {
    const k = Number(logged);
    await client.batch([
      { query: `INSERT INTO ${keyspace}.a (k, v) VALUES (?, ?)`, params: [k, 'prepared'] },
      { query: `INSERT INTO ${keyspace}.b (k, c) VALUES (?, 1)`, params: [k] },
      { query: `INSERT INTO ${keyspace}.b (k, c) VALUES (?, 2)`, params: [k] },
    ], { prepare: true, logged });
    assert.equal((await first(client, `SELECT v FROM ${keyspace}.a WHERE k = ${k}`)).v, 'prepared');
    const rows = await all(client, `SELECT c FROM ${keyspace}.b WHERE k = ${k}`);
    assert.deepEqual(rows.map(row => row.c), [1, 2]);
  }
}

async function timestampsAndTimesToLiveAreKept(client, keyspace) {
  await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, v int)`);
  await client.execute(`INSERT INTO ${keyspace}.t (k, v) VALUES (1, 1)`, [], { timestamp: 1000 });
  await client.execute(`INSERT INTO ${keyspace}.t (k, v) VALUES (1, 2)`, [], { timestamp: 999 });
  let row = await first(client, `SELECT v, writetime(v) AS w, ttl(v) AS t FROM ${keyspace}.t`);
  assert.deepEqual([row.v, row.w.toNumber(), row.t], [1, 1000, null]);
  await client.execute(`UPDATE ${keyspace}.t USING TTL 1000 SET v = 3 WHERE k = 1`);
  row = await first(client, `SELECT v, ttl(v) AS t FROM ${keyspace}.t`);
  assert.equal(row.v, 3);
  assert.ok(row.t > 900 && row.t <= 1000, `${row.t}`);
}

async function manyRequestsAtOnce(client, keyspace) {
  await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, v text)`);
  const keys = [...Array(500).keys()];
  await Promise.all(keys.map(k =>
    client.execute(`INSERT INTO ${keyspace}.t (k, v) VALUES (?, ?)`, [k, `value ${k}`], prepared)));
  const answers = await Promise.all(keys.map(k =>
    client.execute(`SELECT v FROM ${keyspace}.t WHERE k = ?`, [k], prepared)));
  assert.deepEqual(answers.map(each => each.first().v), keys.map(k => `value ${k}`));
}

async function aMegabyteInOneValue(client, keyspace) {
  await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, v blob)`);
  const value = crypto.randomBytes(1 << 20);
  for (const k of [0, 1, 2]) {
    await client.execute(`INSERT INTO ${keyspace}.t (k, v) VALUES (?, ?)`, [k, value], prepared);
  }
  const rows = await all(client, `SELECT v FROM ${keyspace}.t`);
  assert.deepEqual(rows.map(row => value.equals(row.v)), [true, true, true]);
}

// ---- Errors

async function refuses(client, cql, code, named, options) {
  await assert.rejects(client.execute(cql, [], options), error => {
    const cause = error.innerErrors ? Object.values(error.innerErrors)[0] : error;
    assert.equal(cause.code, code, `${cql}: ${cause}`);
    assert.ok(cause.message.includes(named), `${cql}: ${cause.message}`);
    return true;
  });
}

async function errorsHaveTheirCodes(client, keyspace) {
  const codes = types.responseErrorCodes;
  await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, v int)`);
  await refuses(client, 'SELEC * FROM t', codes.syntaxError, 'line 1:0');
  await refuses(client, `SELECT * FROM ${keyspace}.nope`, codes.invalid, 'nope');
  await refuses(client, `SELECT nope FROM ${keyspace}.t`, codes.invalid, 'nope');
  await refuses(client, `SELECT * FROM ${keyspace}.t WHERE v = 1`, codes.invalid, 'ALLOW FILTERING');
  await refuses(client, `INSERT INTO ${keyspace}.t (k) VALUES ('a')`, codes.invalid, 'STRING');
  await refuses(client, `CREATE TABLE ${keyspace}.t (k int PRIMARY KEY)`, codes.alreadyExists, 't');
  await refuses(client, `CREATE KEYSPACE ${keyspace} ${REPLICATION(1)}`, codes.alreadyExists, keyspace);
  await refuses(client, "CREATE KEYSPACE other WITH replication = {'class': 'Nope'}",
    codes.configError, 'Nope');
  await client.execute(`CREATE KEYSPACE ${keyspace}_three ${REPLICATION(3)}`);
  await client.execute(`CREATE TABLE ${keyspace}_three.t (k int PRIMARY KEY)`);
  await refuses(client, `INSERT INTO ${keyspace}_three.t (k) VALUES (1)`, codes.unavailableException,
    '', { consistency: types.consistencies.quorum });
  await client.execute(`DROP KEYSPACE ${keyspace}_three`);
}

async function statementOfATableMadeAnewIsPreparedAgain(client, keyspace) {
  const create = `CREATE TABLE ${keyspace}.t (k int PRIMARY KEY, v int)`;
  const insert = `INSERT INTO ${keyspace}.t (k, v) VALUES (?, ?)`;
  await client.execute(create);
  await client.execute(insert, [1, 1], prepared);
  await client.execute(`DROP TABLE ${keyspace}.t`);
  await client.execute(create);
  await client.execute(insert, [1, 2], prepared);
  assert.equal((await first(client, `SELECT v FROM ${keyspace}.t`)).v, 2);
}

// ---- Metadata

async function metadataEqualsWhatWasCreated(client, keyspace) {
  await client.execute(`CREATE TYPE ${keyspace}."Addr" (street text, "No" frozen<set<int>>)`);
  await client.execute(`CREATE TABLE ${keyspace}."T" (a int, "B" text, c timeuuid, d decimal,
    s map<text, int> static, l list<frozen<"Addr">>, PRIMARY KEY ((a, "B"), c, d))
    WITH CLUSTERING ORDER BY (c DESC, d ASC) AND comment = 'it''s' AND gc_grace_seconds = 77`);
  await client.metadata.refreshKeyspace(keyspace);
  assert.equal(client.metadata.keyspaces[keyspace].strategyOptions.replication_factor, '1');
  const type = await client.metadata.getUdt(keyspace, 'Addr');
  assert.deepEqual(type.fields.map(field => field.name), ['street', 'No']);
  const table = await client.metadata.getTable(keyspace, 'T');
  assert.deepEqual(table.partitionKeys.map(column => column.name), ['a', 'B']);
  assert.deepEqual(table.clusteringKeys.map(column => column.name), ['c', 'd']);
  assert.deepEqual(table.clusteringOrder, ['DESC', 'ASC']);
  assert.ok(table.columnsByName.s.isStatic);
  assert.equal(table.comment, "it's");
  assert.equal(table.gcGraceSeconds, 77);
  const node = client.hosts.values()[0];
  assert.ok(node.cassandraVersion.startsWith('5.0.'), node.cassandraVersion);
  assert.equal(node.datacenter, 'datacenter1');
  assert.ok(node.tokens.length > 0);
}

async function changesReachAnotherSession(client, keyspace) {
  const other = connect(4);
  try {
    await other.connect();
    await client.execute(`CREATE TABLE ${keyspace}.t (k int PRIMARY KEY)`);
    assert.ok(await other.metadata.getTable(keyspace, 't'));
    await client.execute(`ALTER TABLE ${keyspace}.t ADD v int`);
    const end = Date.now() + TIMEOUT;
    let columns = 0;
    while (columns !== 2 && Date.now() < end) { // until the event has cleared the driver's copy
      columns = (await other.metadata.getTable(keyspace, 't')).columns.length;
      await new Promise(resolve => setImmediate(resolve));
    }
    assert.equal(columns, 2);
  } finally {
    await other.shutdown();
  }
}

const CHECKS = [
  typesComeBack,
  userTypesComeBack,
  keysSortAsRecorded,
  hundredThousandRowsComePageByPage,
  pageStateCarriesOn,
  batchesWriteToTwoTables,
  timestampsAndTimesToLiveAreKept,
  manyRequestsAtOnce,
  aMegabyteInOneValue,
  errorsHaveTheirCodes,
  statementOfATableMadeAnewIsPreparedAgain,
  metadataEqualsWhatWasCreated,
  changesReachAnotherSession,
];
// Long ones, which one version is enough for.
const ONCE = new Set([hundredThousandRowsComePageByPage, keysSortAsRecorded]);

async function main() {
  const run = crypto.randomBytes(4).toString('hex');
  let passed = 0, failed = 0;
  for (const version of VERSIONS) {
    const client = connect(version);
    await client.connect();
    assert.equal(client.controlConnection.protocolVersion, version);
    for (const [number, check] of CHECKS.entries()) {
      if (ONCE.has(check) && version !== 4) {
        continue;
      }
      const keyspace = `js_${run}_${version}_${number}`;
      try {
        await client.execute(`CREATE KEYSPACE ${keyspace} ${REPLICATION(1)}`);
        await check(client, keyspace, version);
        await client.execute(`DROP KEYSPACE ${keyspace}`);
        passed++;
      } catch (error) {
        failed++;
        console.log(`FAILED ${check.name} over v${version}\n${error.stack}`);
      }
    }
    await client.shutdown();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

main().then(code => process.exit(code), error => {
  console.error(error);
  process.exit(1);
});
