package com.example.shop.chassis.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers failures outside of controllers, such as in filters, with problems. */
@Controller
class ErrorEndpoint implements ErrorController {

    private final ProblemWriter problems;

    ErrorEndpoint(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        problems.write(response, problem(status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND));
    }

    private static Problem problem(int status) {
        return switch (status) {
            case HttpServletResponse.SC_NOT_FOUND -> Problem.notFound("There is nothing at this path.");
            // Only TRACE comes here; controllers know the methods of their paths.
            case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> Problem.methodNotAllowed("GET, HEAD");
            case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> Problem.internal();
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> Problem.unavailable("Try again later.");
            default -> Problem.badRequest("The request is malformed.");
        };
    }
}
