'use strict';
// What the Node.js driver sees of a cluster, compared with what it has to see: hosts.js EXPECTED.json

const assert = require('node:assert/strict');
const fs = require('node:fs');
const cassandra = require('cassandra-driver');

const byNumber = (a, b) => (BigInt(a) < BigInt(b) ? -1 : 1);
const addressOf = host => host.address.split(':')[0];

async function main(file) {
  const expected = JSON.parse(fs.readFileSync(file, 'utf8'));
  const [contact] = Object.keys(expected.hosts).sort();
  const client = new cassandra.Client({
    contactPoints: [contact],
    localDataCenter: expected.hosts[contact].datacenter,
    refreshSchemaDelay: 0,
    socketOptions: { readTimeout: 60000, connectTimeout: 60000 },
  });
  try {
    await client.connect();
    const hosts = {};
    for (const host of client.hosts.values()) {
      assert.ok(host.isUp(), `${host.address} is down`);
      hosts[addressOf(host)] = {
        datacenter: host.datacenter,
        rack: host.rack,
        host_id: host.hostId.toString(),
        tokens: host.tokens.map(String).sort(byNumber),
      };
    }
    assert.deepEqual(hosts, expected.hosts);
    for (const { keyspace, key, addresses } of expected.replicas) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(key);
      assert.deepEqual(client.getReplicas(keyspace, bytes).map(addressOf).sort(), addresses);
    }
    const count = Object.keys(hosts).length;
    console.log(`Node.js driver: ${count} hosts and ${expected.replicas.length} keys are right`);
  } finally {
    await client.shutdown();
  }
}

main(process.argv[2]).catch(error => {
  console.error(`Node.js driver: ${error.stack}`);
  process.exitCode = 1;
});
