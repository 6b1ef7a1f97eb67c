package io.helenus.engine.query.term;

import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bind markers of a statement and what each stands for, gathered while it is being bound.
public final class Markers {
    private final List<Term.BindMarker> markers;
    private final @Nullable ColumnSpec[] specs;
    private final int[] partitionKeyMarker;

    /// @param markers all of the statement, in order of appearance
    /// @param partitionKeyColumns how many columns the table's partition key has
    public Markers(List<Term.BindMarker> markers, int partitionKeyColumns) {
        this.markers = List.copyOf(markers);
        this.specs = new @Nullable ColumnSpec[markers.size()];
        this.partitionKeyMarker = new int[partitionKeyColumns];
        java.util.Arrays.fill(partitionKeyMarker, -1);
    }

    /// Says what a marker stands for; a named marker keeps its own name.
    ColumnSpec specify(Term.BindMarker marker, ColumnSpec receiver) {
        ColumnSpec spec =
                marker.name() == null ? receiver : receiver.withName(marker.name().text());
        specs[marker.index()] = spec;
        return spec;
    }

    /// Notes that a marker alone is the value of a partition key column, so that drivers can route.
    public void partitionKey(int position, int markerIndex) {
        partitionKeyMarker[position] = markerIndex;
    }

    public int count() {
        return specs.length;
    }

    /// One for each marker.
    public List<ColumnSpec> specs() {
        List<ColumnSpec> all = new ArrayList<>(specs.length);
        for (int i = 0; i < specs.length; i++) {
            ColumnSpec spec = specs[i];
            if (spec == null) {
                throw CqlException.invalid(
                        "Cannot tell the type of the bind marker at " + markers.get(i).position());
            }
            all.add(spec);
        }
        return all;
    }

    /// By partition key column the marker that gives it; empty unless each column has one.
    public int[] partitionKeyMarkers() {
        for (int marker : partitionKeyMarker) {
            if (marker < 0) {
                return new int[0];
            }
        }
        return partitionKeyMarker.clone();
    }
}
