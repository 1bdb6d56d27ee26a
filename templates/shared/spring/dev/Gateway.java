package com.example.shop.dev;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.ProblemWriter;
import com.example.shop.chassis.tracing.Traces;

/** Development gateway: one address that routes each path to its service. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class Gateway extends OncePerRequestFilter {

    private static final String REQUEST_ID = "X-Request-ID";
    private static final Duration TIMEOUT = Duration.ofSeconds(35);
    private static final int STREAM_BYTES = 8192;
    // Hop-by-hop headers (RFC 9110, section 7.6.1), and those that the gateway writes itself.
    private static final Set<String> OURS = Set.of(
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect",
            "date",
            "x-request-id",
            "x-forwarded-for");
    private final Map<String, String> routes;
    private final ProblemWriter problems;
    private final Traces traces;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    Gateway(ServiceProcesses services, ProblemWriter problems, Traces traces) {
        this.routes = services.routes();
        this.problems = problems;
        this.traces = traces;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String url = url(request.getRequestURI());
        if (url == null) {
            chain.doFilter(request, response);
            return;
        }
        HttpRequest forwarded;
        try {
            forwarded = forwarded(request, response.getHeader(REQUEST_ID), url);
        } catch (IllegalArgumentException malformed) {
            problems.write(response, Problem.badRequest("The request is malformed."));
            return;
        }
        try {
            copy(http.send(forwarded, HttpResponse.BodyHandlers.ofInputStream()), response);
        } catch (IOException failure) {
            // Otherwise a stream has ended, because its client has left or its service has stopped.
            if (!response.isCommitted()) {
                problems.write(response, Problem.unavailable("The service is not responding. Try again later."));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String url(String path) {
        for (Map.Entry<String, String> route : routes.entrySet()) {
            String prefix = route.getKey().endsWith("/") ? route.getKey() : route.getKey() + '/';
            if (path.equals(route.getKey()) || path.startsWith(prefix)) {
                return route.getValue();
            }
        }
        return null;
    }

    private HttpRequest forwarded(HttpServletRequest request, @Nullable String requestId, String url)
            throws IOException {
        String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        byte[] body = request.getInputStream().readAllBytes();
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(url + request.getRequestURI() + query))
                .timeout(TIMEOUT)
                .method(
                        request.getMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .header("X-Forwarded-For", request.getRemoteAddr());
        if (requestId != null) {
            forwarded.header(REQUEST_ID, requestId);
        }
        for (String name : Collections.list(request.getHeaderNames())) {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                for (String value : Collections.list(request.getHeaders(name))) {
                    forwarded.header(name, ascii(value));
                }
            }
        }
        String traceparent = traces.traceparent("forward " + request.getMethod());
        if (traceparent != null) {
            // The header of the client names an earlier part of the trace.
            forwarded.setHeader(Traces.TRACEPARENT, traceparent);
        }
        return forwarded.build();
    }

    /** Returns the value; the client would replace other characters by question marks. */
    private static String ascii(String value) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("A header is not ASCII.");
        }
        return value;
    }

    private static void copy(HttpResponse<InputStream> answer, HttpServletResponse response) throws IOException {
        try (InputStream body = answer.body()) {
            if (isStream(answer)) {
                copyHeaders(answer, response);
                byte[] part = new byte[STREAM_BYTES];
                for (int length = body.read(part); length >= 0; length = body.read(part)) {
                    response.getOutputStream().write(part, 0, length);
                    response.flushBuffer();
                }
                return;
            }
            byte[] whole = body.readAllBytes();
            copyHeaders(answer, response);
            if (whole.length > 0) {
                response.setHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(whole.length));
                response.getOutputStream().write(whole);
            }
        }
    }

    private static boolean isStream(HttpResponse<InputStream> answer) {
        return answer.headers()
                .firstValue(HttpHeaders.CONTENT_TYPE)
                .filter(type -> type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE))
                .isPresent();
    }

    private static void copyHeaders(HttpResponse<InputStream> answer, HttpServletResponse response) {
        response.setStatus(answer.statusCode());
        answer.headers().map().forEach((name, values) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> response.addHeader(name, value));
            }
        });
    }
}
