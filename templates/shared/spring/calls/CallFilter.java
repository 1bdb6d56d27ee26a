package com.example.shop.chassis.calls;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.ProblemWriter;

/** Admits only the calls of listed services, each within the caller's deadline. */
class CallFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,9}");
    private final CallerVerifier callers;
    private final ProblemWriter problems;

    CallFilter(CallerVerifier callers, ProblemWriter problems) {
        this.callers = callers;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        String given = request.getHeader(Deadline.HEADER);
        if (authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || !callers.admits(authorization.substring(SCHEME.length()))) {
            problems.write(response, Problem.unauthenticated("Bearer"));
        } else if (given == null) {
            chain.doFilter(request, response);
        } else if (!MILLISECONDS.matcher(given).matches()) {
            problems.write(response, Problem.badRequest(Deadline.HEADER + " must be a number of milliseconds."));
        } else if (Integer.parseInt(given) == 0) {
            problems.write(response, Problem.unavailable("The caller's deadline has passed."));
        } else {
            try (Deadline deadline = Deadline.within(Duration.ofMillis(Integer.parseInt(given)))) {
                chain.doFilter(request, response);
            }
        }
    }
}
