"""What the Python driver sees of a cluster, compared with what it has to see: hosts.py EXPECTED.json"""

import json
import logging
import struct
import sys
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("cassandra").setLevel(logging.CRITICAL)

from cassandra.cluster import Cluster


def main(file):
    with open(file) as text:
        expected = json.load(text)
    contact = [min(expected["hosts"])]
    with Cluster(contact, connect_timeout=60, control_connection_timeout=60) as cluster:
        cluster.connect()
        metadata = cluster.metadata
        hosts = {
            host.address: {
                "datacenter": host.datacenter,
                "rack": host.rack,
                "host_id": str(host.host_id),
                "tokens": sorted(
                    (
                        str(token.value)
                        for token, owner in metadata.token_map.token_to_host_owner.items()
                        if owner == host
                    ),
                    key=int,
                ),
            }
            for host in metadata.all_hosts()
        }
        if hosts != expected["hosts"]:
            sys.exit(f"Python driver: hosts are {hosts} instead of {expected['hosts']}")
        down = [host.address for host in metadata.all_hosts() if host.is_up is False]
        if down:
            sys.exit(f"Python driver: down are {down}")
        for row in expected["replicas"]:
            key = struct.pack(">i", row["key"])
            replicas = sorted(h.address for h in metadata.get_replicas(row["keyspace"], key))
            if replicas != row["addresses"]:
                sys.exit(f"Python driver: replicas are {replicas} instead of {row}")
    print(f"Python driver: {len(hosts)} hosts and {len(expected['replicas'])} keys are right")


main(sys.argv[1])
