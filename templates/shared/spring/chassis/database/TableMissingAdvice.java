package com.example.shop.chassis.database;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.ProblemWriter;

/** Answers requests that need a table which has moved to another database. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class TableMissingAdvice {

    private static final Logger log = LoggerFactory.getLogger(TableMissingAdvice.class);
    private final ProblemWriter problems;

    TableMissingAdvice(ProblemWriter problems) {
        this.problems = problems;
    }

    /** Ends the connection, too, so that the client's next request gets to a program that has the table. */
    @ExceptionHandler
    void missing(TableMissing failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        log.warn("{} {} needs a table that is not there", request.getMethod(), request.getRequestURI(), failure);
        response.setHeader(HttpHeaders.CONNECTION, "close");
        problems.write(response, Problem.unavailable("The data is moving to another database. Try again later."));
    }
}
