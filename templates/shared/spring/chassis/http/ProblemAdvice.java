package com.example.shop.chassis.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every exception of a controller with a problem, without revealing anything of unexpected ones. */
@RestControllerAdvice
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
    private final ProblemWriter problems;

    ProblemAdvice(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void problem(Problem problem, HttpServletResponse response) throws IOException {
        problems.write(response, problem);
    }

    @ExceptionHandler
    void unreadable(HttpMessageNotReadableException error, HttpServletResponse response) throws IOException {
        problems.write(response, JsonFaults.problem(error));
    }

    @ExceptionHandler
    void invalid(MethodArgumentNotValidException error, HttpServletResponse response) throws IOException {
        List<Problem.Fault> faults = error.getBindingResult().getAllErrors().stream()
                .map(each -> new Problem.Fault(
                        each instanceof FieldError field ? JsonFaults.pointer(field.getField()) : "",
                        Objects.requireNonNullElse(each.getDefaultMessage(), "is not valid")))
                .toList();
        problems.write(response, Problem.validation(faults));
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    void notRouted(HttpServletResponse response) throws IOException {
        problems.write(response, Problem.notFound("There is nothing at this path."));
    }

    @ExceptionHandler
    void method(HttpRequestMethodNotSupportedException error, HttpServletResponse response) throws IOException {
        Set<HttpMethod> supported = Objects.requireNonNullElse(error.getSupportedHttpMethods(), Set.of());
        Set<String> allowed = supported.stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        problems.write(response, Problem.methodNotAllowed(String.join(", ", allowed)));
    }

    @ExceptionHandler(AccessDeniedException.class)
    void denied(HttpServletResponse response) throws IOException {
        problems.write(response, Problem.forbidden());
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        // The connection broke while a transaction ended.
        TransactionSystemException.class
    })
    void unavailable(Exception error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        log.warn("{} {} is unavailable: {}", request.getMethod(), request.getRequestURI(), error.getMessage());
        problems.write(response, Problem.unavailable("A dependency is unavailable. Try again later."));
    }

    /** The client has closed the connection, so there is nobody to answer and nothing to repair. */
    @ExceptionHandler
    void abandoned(AsyncRequestNotUsableException error, HttpServletRequest request, HttpServletResponse response) {
        log.debug("{} {} was abandoned: {}", request.getMethod(), request.getRequestURI(), error.getMessage());
    }

    @ExceptionHandler
    void other(Exception error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Tomcat parses the query when a controller asks for its first parameter.
        if (error instanceof InvalidParameterException
                || (error instanceof ErrorResponse known
                        && known.getStatusCode().is4xxClientError())) {
            problems.write(response, Problem.badRequest("The request is malformed."));
        } else {
            log.error("{} {} failed", request.getMethod(), request.getRequestURI(), error);
            problems.write(response, Problem.internal());
        }
    }
}
