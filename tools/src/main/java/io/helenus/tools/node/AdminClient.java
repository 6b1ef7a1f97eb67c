package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks a running node, one request per connection. Speaks just the HTTP that the node's endpoint
/// answers with: the JDK's client would take longer to load than most requests take.
public final class AdminClient {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int STATUS_OK = 200;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final String host;
    private final int port;
    private final int answerMillis;

    /// Waits for answers as long as they take.
    public AdminClient(String host, int port) {
        this(host, port, 0);
    }

    /// @param answerMillis after which a node that says nothing is given up; 0 for never
    public AdminClient(String host, int port, int answerMillis) {
        this.host = host;
        this.port = port;
        this.answerMillis = answerMillis;
    }

    public Json.Members get(String path) throws AdminFailure {
        return ask("GET", path, "");
    }

    Json.Members get(String path, Map<String, String> parameters) throws AdminFailure {
        return ask("GET", path + query(parameters), "");
    }

    Json.Members post(String path, Json.Members body) throws AdminFailure {
        return ask("POST", path, body.text());
    }

    Json.Members delete(String path, Json.Members body) throws AdminFailure {
        return ask("DELETE", path, body.text());
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Json.Members ask(String method, String path, String body) throws AdminFailure {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(answerMillis);
            InetAddress address = connect(socket);
            String literal = address.getHostAddress();
            String head =
                    "%s %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(
                                    method,
                                    path,
                                    literal.contains(":") ? "[" + literal + "]" : literal,
                                    port,
                                    content.length);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(content);
            request.writeTo(socket.getOutputStream());
            return answer(readAll(socket.getInputStream()));
        } catch (IOException e) {
            throw new AdminFailure(
                    "The node at %s:%d did not answer: %s".formatted(host, port, e.getMessage()));
        }
    }

    private InetAddress connect(Socket socket) throws AdminFailure {
        try {
            InetAddress address = InetAddress.getByName(host);
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return address;
        } catch (UnknownHostException e) {
            throw new AdminFailure("There is no host '%s'".formatted(host));
        } catch (IOException e) {
            throw new AdminFailure(
                    "Failed to connect to '%s:%d' - %s: '%s'."
                            .formatted(host, port, e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        return in.readAllBytes();
    }

    private Json.Members answer(byte[] response) throws AdminFailure {
        int end = headEnd(response);
        if (end < 0) {
            throw new AdminFailure(
                    "The node at %s:%d closed the connection without an answer"
                            .formatted(host, port));
        }
        String head = new String(response, 0, end, StandardCharsets.US_ASCII);
        String body =
                new String(
                        response,
                        end + HEAD_END.length,
                        response.length - end - HEAD_END.length,
                        StandardCharsets.UTF_8);
        if (!head.matches("(?s)HTTP/1\\.1 \\d{3} .*")) {
            throw new AdminFailure(
                    "What listens at %s:%d is no Helenus node".formatted(host, port));
        }
        int status = Integer.parseInt(head, 9, 12, 10);
        Json parsed;
        try {
            parsed = Json.parse(body);
        } catch (IllegalArgumentException e) {
            throw new AdminFailure(
                    "The answer of %s:%d is cut off or %s".formatted(host, port, e.getMessage()));
        }
        if (!(parsed instanceof Json.Members members)) {
            throw new AdminFailure(
                    "What listens at %s:%d is no Helenus node".formatted(host, port));
        }
        if (status != STATUS_OK) {
            throw new AdminFailure(members.text("error"));
        }
        return members;
    }

    private static int headEnd(byte[] response) {
        for (int i = 0; i + HEAD_END.length <= response.length; i++) {
            boolean found = true;
            for (int k = 0; k < HEAD_END.length; k++) {
                found &= response[i + k] == HEAD_END[k];
            }
            if (found) {
                return i;
            }
        }
        return -1;
    }
}
