package com.example.shop.chassis.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Answers requests that Tomcat refuses before any filter, such as a path that cannot be decoded, with problems. */
class ProblemValve extends ErrorReportValve {

    /** Adds the valve. Last, so that it is asked before the one that Spring Boot adds. */
    @Component
    @Order(Ordered.LOWEST_PRECEDENCE)
    static class Installer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new ProblemValve()));
        }
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable error) {
        int status = response.getStatus();
        if (status < HttpStatus.BAD_REQUEST.value()
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        String path = request.getRequestURI();
        // A path with a NUL character names nothing.
        boolean missing = status == HttpStatus.NOT_FOUND.value() || (path != null && path.contains("%00"));
        HttpStatus reported = missing ? HttpStatus.NOT_FOUND : HttpStatus.BAD_REQUEST;
        String code = missing ? "not-found" : "bad-request";
        String requestId = RequestIdFilter.idFrom(request.getHeader(RequestIdFilter.HEADER));
        // Written without a JSON mapper: a valve is not a part of the application context.
        byte[] body = """
                {"type":"urn:problem:%s","title":"%s","status":%d,"detail":"The request is malformed.","request_id":"%s"}""".formatted(code, reported.getReasonPhrase(), reported.value(), requestId)
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(reported.value());
        response.setContentType(ProblemWriter.MEDIA_TYPE);
        response.setHeader(RequestIdFilter.HEADER, requestId);
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException closed) {
            container.getLogger().debug("The client closed the connection.", closed);
        }
    }
}
