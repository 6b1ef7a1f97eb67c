package io.helenus.tools.cluster;

/// A node of a local cluster.
///
/// @param pid of its process; 0 if it was stopped
/// @param started when that process began, in the system's own measure; see [NodeProcesses]
record LocalNode(String address, String dataCenter, String rack, long pid, long started) {

    static LocalNode stopped(String address, String dataCenter, String rack) {
        return new LocalNode(address, dataCenter, rack, 0, 0);
    }

    LocalNode stopped() {
        return stopped(address, dataCenter, rack);
    }

    LocalNode running(long ofPid, long since) {
        return new LocalNode(address, dataCenter, rack, ofPid, since);
    }
}
