package com.example.shop.chassis.security;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.ProblemWriter;

/** Security of all requests; the rules are those of the contexts. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain securityFilterChain(
            HttpSecurity http, List<AccessRules> rules, TokenVerifier verifier, ProblemWriter problems) {
        AuthenticationEntryPoint unauthenticated =
                (request, response, error) -> problems.write(response, problem(error, verifier));
        TokenAuthentication authentication = new TokenAuthentication(verifier);
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .cors(Customizer.withDefaults())
                .headers(SecurityConfiguration::headers)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> {
                    rules.forEach(each -> each.apply(requests));
                    requests.anyRequest().permitAll();
                })
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthenticated)
                        .accessDeniedHandler(
                                (request, response, error) -> problems.write(response, Problem.forbidden())))
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(unauthenticated)
                        .authenticationManagerResolver(request -> authentication))
                .build();
    }

    /**
     * Keeps Spring Security from answering the path of RFC 9728: only a shop with an issuer answers it, by a controller.
     *
     * <p>Spring Security has no switch for it, so this path gets a filter chain that is not a resource server.
     */
    @Bean
    @Order(0)
    SecurityFilterChain resourceMetadataFilterChain(HttpSecurity http) {
        return http.securityMatcher("/.well-known/oauth-protected-resource/**")
                .csrf(AbstractHttpConfigurer::disable)
                .cors(Customizer.withDefaults())
                .build();
    }

    private static Problem problem(AuthenticationException error, TokenVerifier verifier) {
        if (error.getCause() instanceof Problem unavailable) {
            return unavailable;
        }
        return Problem.unauthenticated(
                error instanceof InvalidBearerTokenException ? verifier.refusal() : verifier.challenge());
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        // Caches must not store a response, unless its controller allows it.
        HeaderWriter noStore = (request, response) -> {
            if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
                response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            }
        };
        headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                .addHeaderWriter(noStore)
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .contentSecurityPolicy(policy -> policy.policyDirectives("frame-ancestors 'none'"));
    }

    /** Lets unusual paths, headers and methods through: the controllers answer them with the right problem. */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowNull(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowedHeaderValues(value -> true);
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(ProblemWriter problems) {
        return (request, response, error) ->
                problems.write(response, Problem.notFound("There is nothing at this path."));
    }
}
