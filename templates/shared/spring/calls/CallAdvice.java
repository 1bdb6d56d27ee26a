package com.example.shop.chassis.calls;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.ProblemWriter;

/** Answers a request whose calls to other services were not answered. Before the advice for all exceptions. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class CallAdvice {

    private static final Logger log = LoggerFactory.getLogger(CallAdvice.class);
    private final ProblemWriter problems;

    CallAdvice(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void unavailable(ServiceUnavailable error, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        log.warn("{} {} is unavailable: {}", request.getMethod(), request.getRequestURI(), error.getMessage());
        problems.write(response, Problem.unavailable("Another service is not responding. Try again later."));
    }
}
