"""What drivers have to see of a local cluster, as JSON: expected.py DC:COUNT,...

Makes two keyspaces, and asks every node for the replicas of keys: all have to say the same."""

import json
import logging
import sys
import urllib.request
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("cassandra").setLevel(logging.CRITICAL)

from cassandra.cluster import Cluster

KEYS = 20
KEYSPACES = {
    "simple": "{'class': 'SimpleStrategy', 'replication_factor': 3}",
    "topology": "{'class': 'NetworkTopologyStrategy', %s}",
}
RACKS = 3


def ask(address, path):
    with urllib.request.urlopen(f"http://{address}:7199{path}", timeout=10) as answer:
        return json.load(answer)


def main(nodes):
    places, number = {}, 0
    datacenters = [part.split(":") for part in nodes.split(",")]
    for name, count in datacenters:
        for i in range(int(count)):
            number += 1
            places[f"127.0.0.{number}"] = (name, f"rack{i % RACKS + 1}")

    factors = ", ".join(
        f"'{name}': {max(1, int(count) - i)}" for i, (name, count) in enumerate(datacenters)
    )
    with Cluster(["127.0.0.1"], connect_timeout=60, control_connection_timeout=60) as cluster:
        session = cluster.connect()
        session.default_timeout = 60
        for keyspace, replication in KEYSPACES.items():
            if "%s" in replication:
                replication %= factors
            session.execute(f"CREATE KEYSPACE {keyspace} WITH replication = {replication}")
            session.execute(f"CREATE TABLE {keyspace}.t (k int PRIMARY KEY)")

    hosts = {}
    ring = ask("127.0.0.1", "/v1/ring")
    for datacenter in ring["datacenters"]:
        for node in datacenter["nodes"]:
            tokens = [t["token"] for t in ring["tokens"] if t["address"] == node["address"]]
            hosts[node["address"]] = {
                "datacenter": datacenter["name"],
                "rack": node["rack"],
                "host_id": node["host_id"],
                "tokens": sorted(tokens, key=int),
            }
    seen = {address: (host["datacenter"], host["rack"]) for address, host in hosts.items()}
    if seen != places:
        sys.exit(f"127.0.0.1 knows {seen} instead of {places}")

    replicas = []
    for keyspace in KEYSPACES:
        for key in range(KEYS):
            path = f"/v1/endpoints?keyspace={keyspace}&table=t&key={key}"
            answers = {
                address: [endpoint["address"] for endpoint in ask(address, path)["endpoints"]]
                for address in hosts
            }
            first = answers["127.0.0.1"]
            if any(answer != first for answer in answers.values()):
                sys.exit(f"Nodes differ about key {key} of {keyspace}: {answers}")
            replicas.append({"keyspace": keyspace, "key": key, "addresses": sorted(first)})
    json.dump({"hosts": hosts, "replicas": replicas}, sys.stdout)


main(sys.argv[1])
