package com.example.shop.chassis.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.GenericFilterBean;

import com.example.shop.chassis.http.Problem;

/**
 * Authenticates requests by their tokens, each signature checked only once in a while.
 *
 * <p>A token is verified when a rule asks who calls, so one that has expired does not close public paths: clients send
 * it with each request, also with the one for another token.
 */
class TokenFilter extends GenericFilterBean {

    private static final String SCHEME = "Bearer ";
    private static final String REFUSAL = TokenFilter.class.getName();
    // Not a number of tokens: one that names many groups is 12 KiB long, and others are a twentieth of that.
    private static final int MAX_BYTES = 8 * 1024 * 1024;
    private static final int OVERHEAD = 500;
    private final TokenVerifier verifier;
    private final Cache<String, TokenVerifier.Verified> verified = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((String token, TokenVerifier.Verified known) -> token.length() + OVERHEAD)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    TokenFilter(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Returns why the token of the request was refused; null if it has none. */
    static @Nullable Object refusal(HttpServletRequest request) {
        return request.getAttribute(REFUSAL);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String given = ((HttpServletRequest) request).getHeader(HttpHeaders.AUTHORIZATION);
        if (given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            String token = given.substring(SCHEME.length()).strip();
            SecurityContextHolder.setDeferredContext(SingletonSupplier.of(() -> contextOf(token, request)));
        }
        chain.doFilter(request, response);
    }

    private SecurityContext contextOf(String token, ServletRequest request) {
        try {
            TokenVerifier.Verified known = verified.get(token, verifier::verify);
            if (known.expiresAt().isAfter(Instant.now())) {
                return new SecurityContextImpl(new CallerAuthentication(known.caller()));
            }
            throw new BadJwtException("The token has expired.");
        } catch (JwtException | Problem refusal) {
            request.setAttribute(REFUSAL, refusal);
            return new SecurityContextImpl();
        }
    }
}
