package com.example.shop.chassis.calls;

import jakarta.servlet.Filter;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.http.ProblemWriter;

import static org.assertj.core.api.Assertions.assertThat;

/** Paths for other services are theirs alone, however a client writes them. */
class CallAccessTest {

    private static final String SECRET = "A".repeat(43);
    private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
    private final MockMvcTester catalog;

    @RestController
    static class Things {

        @GetMapping({"/internal/things", "/internal/audit", "/internal/audit/parts"})
        String read() {
            return "things";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @EnableWebSecurity
    @Import({CallConfiguration.class, ProblemWriter.class, Things.class})
    static class Catalog {

        @Bean
        CallerVerifier callers() {
            byte[] key = ServiceKeys.privateKey(SECRET).generatePublicKey().getEncoded();
            String listed = "orders=" + Base64.getUrlEncoder().withoutPadding().encodeToString(key);
            return new CallerVerifier(new CallSettings("catalog", "", listed, Map.of()));
        }

        @Bean
        JsonMapper json() {
            return JsonMapper.shared();
        }
    }

    CallAccessTest() {
        context.setServletContext(new MockServletContext());
        context.register(Catalog.class);
        context.refresh();
        Filter security = context.getBean("springSecurityFilterChain", Filter.class);
        catalog = MockMvcTester.from(
                context, service -> service.addFilters(security).build());
    }

    @AfterEach
    void close() {
        context.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/internal/things", "/%69nternal/things", "/internal/%74hings", "/%69nternal/nothing"})
    void everySpellingOfAPathNeedsAToken(String path) {
        assertThat(catalog.get().uri(URI.create(path))).hasStatus(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/internal/things", "/%69nternal/things"})
    void listedCallersAreAdmitted(String path) {
        String token = new ServiceTokens("orders", SECRET, "catalog").token();
        assertThat(catalog.get().uri(URI.create(path)).header("Authorization", "Bearer " + token))
                .hasStatusOk();
    }

    /** Its own rule admits administrators, whose tokens are not those of services. */
    @ParameterizedTest
    @ValueSource(strings = {"/internal/audit", "/internal/%61udit", "/internal/audit/parts"})
    void theAuditIsNotForServices(String path) {
        assertThat(catalog.get().uri(URI.create(path))).hasStatusOk();
    }

    @Test
    void aCallWhoseTimeIsOverIsRefused() {
        String token = new ServiceTokens("orders", SECRET, "catalog").token();
        assertThat(catalog.get()
                        .uri("/internal/things")
                        .header("Authorization", "Bearer " + token)
                        .header("X-Deadline-Ms", "0"))
                .hasStatus(503);
    }
}
