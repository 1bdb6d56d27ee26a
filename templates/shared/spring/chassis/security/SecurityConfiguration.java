package com.example.shop.chassis.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
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
                (request, response, error) -> problems.write(response, problem(TokenFilter.refusal(request), verifier));
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
                .addFilterBefore(new TokenFilter(verifier), AnonymousAuthenticationFilter.class)
                .build();
    }

    private static Problem problem(@Nullable Object refusal, TokenVerifier verifier) {
        if (refusal instanceof Problem unavailable) {
            return unavailable;
        }
        return Problem.unauthenticated(refusal == null ? verifier.challenge() : verifier.refusal());
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
