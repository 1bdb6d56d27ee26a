package com.example.shop.chassis.http;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** An error response: the code is for programs, the detail for people (RFC 9457). */
public class Problem extends RuntimeException {

    private final HttpStatus status;
    private final String code;
    private final List<Fault> faults;
    private final Map<String, String> headers;

    /** A part of the request that breaks its schema: a JSON pointer (RFC 6901), and what is wrong there. */
    public record Fault(String pointer, String detail) {}

    public Problem(HttpStatus status, String code, String detail) {
        this(status, code, detail, List.of(), Map.of());
    }

    private Problem(HttpStatus status, String code, String detail, List<Fault> faults, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.faults = faults;
        this.headers = headers;
    }

    /** The request cannot be understood. */
    public static Problem badRequest(String detail) {
        return new Problem(HttpStatus.BAD_REQUEST, "bad-request", detail);
    }

    /** The request has no valid token; the challenge says which one is needed (RFC 9110, section 11.6.1). */
    public static Problem unauthenticated(String challenge) {
        return new Problem(
                HttpStatus.UNAUTHORIZED,
                "unauthenticated",
                "A valid bearer token is required.",
                List.of(),
                Map.of("WWW-Authenticate", challenge));
    }

    /** The caller lacks a required role. */
    public static Problem forbidden() {
        return new Problem(HttpStatus.FORBIDDEN, "forbidden", "You do not have the required role.");
    }

    /** The resource does not exist, or not for this caller. */
    public static Problem notFound(String detail) {
        return new Problem(HttpStatus.NOT_FOUND, "not-found", detail);
    }

    /** The state of the resource does not allow the request. */
    public static Problem conflict(String code, String detail) {
        return new Problem(HttpStatus.CONFLICT, code, detail);
    }

    /** The request is well-formed, but its content breaks a rule. */
    public static Problem invalid(String code, String detail) {
        return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, code, detail);
    }

    /** The part of the request at this JSON pointer is not valid. */
    public static Problem validation(String pointer, String detail) {
        return validation(List.of(new Fault(pointer, detail)));
    }

    static Problem validation(List<Fault> faults) {
        return new Problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "validation",
                "The request does not match its schema.",
                faults,
                Map.of());
    }

    /** A dependency does not answer, or too much is asked at once. */
    public static Problem unavailable(String detail) {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE, "unavailable", detail, List.of(), Map.of("Retry-After", "1"));
    }

    static Problem tooManyRequests(long retryAfterSeconds) {
        return new Problem(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many requests. Try again later.",
                List.of(),
                Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    static Problem methodNotAllowed(String allowed) {
        return new Problem(
                HttpStatus.METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "This path does not support the method.",
                List.of(),
                Map.of("Allow", allowed));
    }

    static Problem tooLarge() {
        return new Problem(HttpStatus.CONTENT_TOO_LARGE, "too-large", "The request body exceeds 65,536 bytes.");
    }

    static Problem unsupportedMediaType() {
        return new Problem(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The request body must be application/json.");
    }

    static Problem internal() {
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Internal error. Quote the request_id when you report it.");
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    List<Fault> faults() {
        return faults;
    }

    Map<String, String> headers() {
        return headers;
    }
}
