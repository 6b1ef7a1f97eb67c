package io.helenus.tools.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Stands between a program and a node. Each time that so many bytes have come from the node it fails:
/// all connections break, as when the node is killed, or nothing passes any more, as when it is stopped.
/// It stays like that until somebody mends it. Threads of its own.
final class FaultyLine implements AutoCloseable {
    private static final int BUFFER_BYTES = 4 << 10;

    /// How it fails.
    enum Fault {
        BREAK,
        STALL
    }

    private final ServerSocket server;
    private final InetSocketAddress node;
    private final Fault fault;
    private final long bytesBetween;
    private final List<Socket> sockets = new ArrayList<>(); // guarded by this
    private int faultsLeft; // guarded by this
    private long left; // bytes until the next fault; guarded by this
    private boolean isDown; // guarded by this
    private boolean isClosed; // guarded by this

    FaultyLine(InetSocketAddress node, Fault fault, int faults, long bytesBetween)
            throws IOException {
        this.node = node;
        this.fault = fault;
        this.bytesBetween = bytesBetween;
        faultsLeft = faults;
        left = bytesBetween;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofPlatform().daemon().name("line").start(this::accept);
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// How often it will still fail.
    synchronized int faultsLeft() {
        return faultsLeft;
    }

    /// Lets bytes and connections pass again, until the next fault.
    synchronized void mend() {
        if (isDown) {
            isDown = false;
            left = bytesBetween;
            notifyAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(server.accept());
            }
        } catch (IOException e) {
            synchronized (this) {
                if (!isClosed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket program) throws IOException {
        Socket toNode = new Socket();
        synchronized (this) {
            if (isDown && fault == Fault.BREAK) {
                program.close();
                return;
            }
            toNode.connect(node);
            sockets.add(program);
            sockets.add(toNode);
        }
        pump(program, toNode, false);
        pump(toNode, program, true);
    }

    private void pump(Socket from, Socket to, boolean isFromNode) {
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("line-pump")
                        .start(() -> {
                            try (from;
                                    to) {
                                copy(from.getInputStream(), to.getOutputStream(), isFromNode);
                            } catch (IOException _) {
                                // one of them is gone: so is the other now
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private void copy(InputStream in, OutputStream out, boolean isFromNode)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int length = in.read(buffer);
        while (length >= 0) {
            if (isFromNode) {
                pass(length);
            }
            out.write(buffer, 0, length);
            out.flush();
            length = in.read(buffer);
        }
    }

    private synchronized void pass(int bytes) throws IOException, InterruptedException {
        if (!isDown && left < bytes && faultsLeft > 0) {
            faultsLeft--;
            isDown = true;
            if (fault == Fault.BREAK) {
                closeAll();
            }
        }
        while (isDown && !isClosed) {
            if (fault == Fault.BREAK) {
                throw new IOException("broken");
            }
            wait();
        }
        left -= bytes;
    }

    private void closeAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (this) {
            isClosed = true;
            notifyAll();
            closeAll();
        }
    }
}
