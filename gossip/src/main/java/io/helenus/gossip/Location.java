package io.helenus.gossip;

/// The data centre and the rack of a node. Two data centres may have racks of the same name.
public record Location(String dataCenter, String rack) implements Comparable<Location> {
    private static final int SAME_RACK = 0;
    private static final int SAME_DATA_CENTER = 1;
    private static final int ELSEWHERE = 2;

    public Location {
        if (dataCenter.isBlank()) {
            throw new IllegalArgumentException("The name of a data centre is blank");
        }
        if (rack.isBlank()) {
            throw new IllegalArgumentException("The name of a rack is blank");
        }
    }

    /// 0 in the same rack, 1 in the same data centre, 2 elsewhere.
    public int distanceTo(Location other) {
        if (!dataCenter.equals(other.dataCenter)) {
            return ELSEWHERE;
        }
        return rack.equals(other.rack) ? SAME_RACK : SAME_DATA_CENTER;
    }

    @Override
    public int compareTo(Location other) {
        int order = dataCenter.compareTo(other.dataCenter);
        return order != 0 ? order : rack.compareTo(other.rack);
    }

    @Override
    public String toString() {
        return dataCenter + ":" + rack;
    }
}
