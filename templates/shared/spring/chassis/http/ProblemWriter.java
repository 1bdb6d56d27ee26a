package com.example.shop.chassis.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems as responses, the same way for filters, security and controllers. */
@Component
public class ProblemWriter {

    static final String MEDIA_TYPE = "application/problem+json";

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    private record Document(
            String type,
            String title,
            int status,
            @Nullable String detail,
            String requestId,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Problem.Fault> errors) {}

    /** Replaces the body of the response, but not its headers, by the problem. */
    public void write(HttpServletResponse response, Problem problem) throws IOException {
        response.resetBuffer();
        HttpStatus status = problem.status();
        response.setStatus(status.value());
        response.setContentType(MEDIA_TYPE);
        problem.headers().forEach(response::setHeader);
        byte[] body = json.writeValueAsBytes(new Document(
                "urn:problem:" + problem.code(),
                status.getReasonPhrase(),
                status.value(),
                problem.getMessage(),
                RequestIdFilter.requestId(response),
                problem.faults()));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
