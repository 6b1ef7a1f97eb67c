package io.helenus.test.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/// Stands between a program and a node and lets only so many bytes pass one way, on all connections
/// together; what follows waits until the gate is opened. So the program is known to be at work, and
/// stays so, when it is killed. Threads of its own.
final class Gate implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    /// Which way is counted.
    enum Way {
        TO_NODE,
        FROM_NODE
    }

    private final ServerSocket server;
    private final InetSocketAddress node;
    private final Way counted;
    private final Set<Socket> sockets = new HashSet<>(); // guarded by this
    private long left; // bytes that may pass; guarded by this
    private boolean waits; // guarded by this
    private boolean closed; // guarded by this

    Gate(InetSocketAddress node, Way counted, long bytes) throws IOException {
        this.node = node;
        this.counted = counted;
        left = bytes;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofPlatform().daemon().name("gate").start(this::accept);
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Whether something waits to pass.
    synchronized boolean isShut() {
        return waits;
    }

    synchronized void open() {
        left = Long.MAX_VALUE;
        notifyAll();
    }

    private void accept() {
        try {
            while (true) {
                Socket program = server.accept();
                connect(program);
            }
        } catch (IOException e) {
            synchronized (this) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// The program's connection ends at once if the node takes none.
    private void connect(Socket program) throws IOException {
        Socket toNode = new Socket();
        try {
            toNode.connect(node);
        } catch (IOException _) {
            program.close();
            return;
        }
        synchronized (this) {
            sockets.add(program);
            sockets.add(toNode);
        }
        pump(program, toNode, counted == Way.TO_NODE);
        pump(toNode, program, counted == Way.FROM_NODE);
    }

    private void pump(Socket from, Socket to, boolean isCounted) {
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("gate-pump")
                        .start(() -> {
                            try (from;
                                    to) {
                                copy(from.getInputStream(), to.getOutputStream(), isCounted);
                            } catch (IOException _) {
                                // one of them is gone: so is the other now
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private void copy(InputStream in, OutputStream out, boolean isCounted)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int length = in.read(buffer);
        while (length >= 0) {
            if (isCounted) {
                pass(length);
            }
            out.write(buffer, 0, length);
            out.flush();
            length = in.read(buffer);
        }
    }

    private synchronized void pass(int bytes) throws IOException, InterruptedException {
        while (left < bytes && !closed) {
            waits = true;
            wait();
        }
        if (closed) {
            throw new IOException("the gate is closed");
        }
        left -= bytes;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Set<Socket> open;
        synchronized (this) {
            closed = true;
            notifyAll();
            open = Set.copyOf(sockets);
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
