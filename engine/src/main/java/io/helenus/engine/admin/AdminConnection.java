package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: takes one request, has it done by a worker, sends the answer and closes. Its state
/// belongs to the event loop.
///
/// A request with an `Origin`, or for a host that is neither an address nor this machine, comes from a
/// page in somebody's browser and is refused: who may reach the port may do everything.
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final long REQUEST_SECONDS_MAX = 30;
    private static final Pattern LOCAL_HOST =
            Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-fA-F:.%]+\\])(:[0-9]+)?");
    private static final String TIMEOUT = "timeout";

    private final AdminServer.Shared shared;
    private boolean asked;

    private AdminConnection(AdminServer.Shared shared) {
        this.shared = shared;
    }

    static void install(ChannelPipeline pipeline, AdminServer.Shared shared) {
        pipeline.addLast(TIMEOUT, new ReadTimeoutHandler(REQUEST_SECONDS_MAX, TimeUnit.SECONDS));
        pipeline.addLast(new HttpServerCodec());
        pipeline.addLast(new HttpObjectAggregator(BODY_BYTES_MAX, true));
        pipeline.addLast(new AdminConnection(shared));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            return; // the connection ends after the first answer
        }
        asked = true;
        context.pipeline().remove(TIMEOUT);
        try {
            Work work = workOf(request);
            shared.workers().execute(() -> run(context, work));
        } catch (AdminException e) {
            answer(context, e.reason().status(), error(e.getMessage()));
        } catch (RejectedExecutionException e) {
            LOG.debug("A request came at the node's end", e);
            answer(context, 503, error("The node is stopping"));
        }
    }

    /// What a worker is to do.
    private record Work(AdminRoute route, AdminRequest request) {}

    private Work workOf(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            throw AdminException.invalid("this is no HTTP request");
        }
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        String host = request.headers().get(HttpHeaderNames.HOST, "localhost");
        if (origin != null || !LOCAL_HOST.matcher(host).matches()) {
            throw new AdminException(
                    AdminException.Reason.FORBIDDEN, "requests of web pages are refused");
        }
        QueryStringDecoder uri = decoder(request.uri());
        AdminRoute route = route(request.method().name(), uri.path());
        AdminRequest wanted =
                new AdminRequest(
                        parameters(
                                uri.parameters(),
                                request.content().toString(StandardCharsets.UTF_8)));
        wanted.requireOnly(route.parameters());
        return new Work(route, wanted);
    }

    private static QueryStringDecoder decoder(String uri) {
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(uri);
            var _ = decoder.parameters(); // decoded now, so that what is wrong is found here
            return decoder;
        } catch (IllegalArgumentException e) {
            throw invalid("the query cannot be decoded: ", e);
        }
    }

    private static AdminException invalid(String what, IllegalArgumentException cause) {
        AdminException invalid = AdminException.invalid(what + cause.getMessage());
        invalid.initCause(cause);
        return invalid;
    }

    private AdminRoute route(String method, String path) {
        Map<String, AdminRoute> methods = shared.routes().get(path);
        if (methods == null) {
            throw new AdminException(
                    AdminException.Reason.NO_PATH, "there is no path %s".formatted(path));
        }
        AdminRoute route = methods.get(method);
        if (route == null) {
            throw new AdminException(
                    AdminException.Reason.NO_METHOD,
                    "%s takes %s, not %s"
                            .formatted(
                                    path,
                                    String.join(", ", methods.keySet().stream().sorted().toList()),
                                    method));
        }
        return route;
    }

    private static Json.Members parameters(Map<String, List<String>> query, String body) {
        Json.Members all = Json.object();
        if (!body.isBlank()) {
            Json parsed;
            try {
                parsed = Json.parse(body);
            } catch (IllegalArgumentException e) {
                throw invalid("the body is ", e);
            }
            if (!(parsed instanceof Json.Members members)) {
                throw AdminException.invalid("the body must be a JSON object");
            }
            all = members;
        }
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            if (parameter.getValue().size() > 1 || all.get(parameter.getKey()) != null) {
                throw AdminException.invalid(
                        "parameter '%s' is given twice".formatted(parameter.getKey()));
            }
            all.put(parameter.getKey(), parameter.getValue().getFirst());
        }
        return all;
    }

    /// By a worker.
    private void run(ChannelHandlerContext context, Work work) {
        CompletionStage<? extends Json> stage;
        try {
            stage = work.route().action().run(work.request());
        } catch (IOException | RuntimeException e) {
            fail(context, work.route(), e);
            return;
        }
        var _ =
                stage.handle((answer, failure) -> {
                    if (failure == null) {
                        answer(context, 200, answer);
                    } else {
                        fail(context, work.route(), failure);
                    }
                    return answer;
                });
    }

    private void fail(ChannelHandlerContext context, AdminRoute route, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof AdminException refused) {
            answer(context, refused.reason().status(), error(refused.getMessage()));
            return;
        }
        LOG.warn("{} {} failed", route.method(), route.path(), cause);
        answer(context, 500, error(text(cause)));
    }

    /// What an exception says, and which one it is where that is all that is known.
    private static String text(Throwable cause) {
        boolean saysAll = cause instanceof IOException && !(cause instanceof FileSystemException);
        String message = saysAll ? cause.getMessage() : null;
        return message == null ? cause.toString() : message;
    }

    private static Json error(@Nullable String message) {
        return Json.object().put("error", message);
    }

    private static void answer(ChannelHandlerContext context, int status, Json answer) {
        ByteBuf content = Unpooled.copiedBuffer(answer.text() + "\n", StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set("x-content-type-options", "nosniff");
        var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection for administration ends", cause);
        var _ = context.close();
    }
}
