package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;

import java.util.Arrays;

/// Carries messages between nodes that are numbered from 0. Delays are random, so messages overtake
/// each other.
final class SimulatedNetwork {
    /// What happens to a message on its way.
    record Weather(double loss, double doubled, long delayNanosMin, long delayNanosMax) {
        static final Weather FINE = new Weather(0, 0, MILLI / 10, 2 * MILLI);
    }

    private final Simulation simulation;
    private final boolean[][] blocked; // from, to
    private final int[] outages; // by sender
    private Weather weather = Weather.FINE;

    SimulatedNetwork(Simulation simulation, int nodes) {
        this.simulation = simulation;
        blocked = new boolean[nodes][nodes];
        outages = new int[nodes];
    }

    void setWeather(Weather other) {
        weather = other;
    }

    /// Messages from one to the other are lost. The way back stays as it is.
    void block(int from, int to) {
        blocked[from][to] = from != to;
    }

    void healAll() {
        for (boolean[] row : blocked) {
            Arrays.fill(row, false);
        }
    }

    /// What a node has sent and nobody has received yet is lost.
    void loseAllFrom(int from) {
        outages[from]++;
    }

    void send(int from, int to, byte[] bytes, Runnable delivery) {
        simulation.trace(from, to, bytes);
        if (blocked[from][to] || simulation.happens(weather.loss)) {
            return;
        }
        int sentAfter = outages[from];
        int copies = simulation.happens(weather.doubled) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            simulation.after(
                    simulation.between(weather.delayNanosMin, weather.delayNanosMax + 1),
                    () -> {
                        if (outages[from] == sentAfter) {
                            delivery.run();
                        }
                    });
        }
    }
}
