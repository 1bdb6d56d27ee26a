package com.example.shop.chassis.http;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import com.example.shop.TestIdentity;
import com.example.shop.chassis.database.Migrations;
import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Every response follows the conventions of the shop, whoever answers: a controller, security or a filter. */
@SpringBootTest(
        properties = "shop.cors-origins=https://shop.example.com,http://localhost:*,https://*.preview.example.com")
@AutoConfigureMockMvc
class ConventionsTest {

    private static final TestDatabase DATABASE = new TestDatabase();

    private final MockMvcTester shop;

    /** The tables, by all migrations of the program: it is ready only when it has them. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ApplicationRunner migrate(Migrations migrations) {
            return arguments -> migrations.run();
        }
    }

    /** A path with a parameter. */
    @TestConfiguration(proxyBeanMethods = false)
    @RestController
    static class Pages {

        @GetMapping("/internal/pages")
        int read(@RequestParam String limit) {
            return Parameters.limit(limit);
        }
    }

    ConventionsTest(@Autowired MockMvcTester shop) {
        this.shop = shop;
    }

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        properties.add("shop.database-url", DATABASE::url);
        TestIdentity.register(properties);
    }

    private static void assertProblem(MvcTestResult response, HttpStatus status, String code) {
        assertThat(response).hasStatus(status).hasContentType("application/problem+json");
        assertThat(response).bodyJson().extractingPath("$.type").isEqualTo("urn:problem:" + code);
        assertThat(response)
                .bodyJson()
                .extractingPath("$.request_id")
                .isEqualTo(response.getResponse().getHeader("X-Request-ID"));
    }

    @Test
    void privateResponsesAreNotStored() {
        assertThat(shop.get().uri("/livez"))
                .hasStatusOk()
                .hasHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .hasHeader("X-Content-Type-Options", "nosniff")
                .hasHeader("Referrer-Policy", "no-referrer");
    }

    @Test
    void aRequestWithoutATokenIsChallenged() {
        MvcTestResult response = shop.get().uri("/v1/me").exchange();
        assertProblem(response, HttpStatus.UNAUTHORIZED, "unauthenticated");
        assertThat(response.getResponse().getHeader(HttpHeaders.WWW_AUTHENTICATE))
                .startsWith("Bearer");
    }

    @Test
    void anUnknownPathIsNotFound() {
        assertProblem(shop.get().uri("/v1/nothing").exchange(), HttpStatus.NOT_FOUND, "not-found");
        assertProblem(shop.get().uri("/livez/").exchange(), HttpStatus.NOT_FOUND, "not-found");
    }

    @Test
    void anotherMethodIsAnsweredWithThoseOfThePath() {
        MvcTestResult response = shop.delete().uri("/livez").exchange();
        assertProblem(response, HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed");
        assertThat(response).hasHeader(HttpHeaders.ALLOW, "GET, HEAD");
    }

    @Test
    void aMethodThatSpringDoesNotKnowIsAnsweredLikeAnyOther() {
        MvcTestResult response =
                shop.method(HttpMethod.valueOf("QUERY")).uri("/livez").exchange();
        assertProblem(response, HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed");
    }

    @Test
    void anInvalidParameterIsNamedByItsPointer() {
        MvcTestResult response = shop.get().uri("/internal/pages?limit=0").exchange();
        assertProblem(response, HttpStatus.UNPROCESSABLE_CONTENT, "validation");
        assertThat(response).bodyJson().extractingPath("$.errors[0].pointer").isEqualTo("/limit");
    }

    /** For a required one that is missing, Spring parses the annotations of the method again, at each request. */
    @Test
    void whatMayBeMissingIsNotRequired(
            @Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        assertThat(handlers.getHandlerMethods().values().stream()
                        .flatMap(each -> Arrays.stream(each.getMethodParameters())))
                .filteredOn(MethodParameter::isOptional)
                .isNotEmpty()
                .noneMatch(ConventionsTest::isRequired);
    }

    private static boolean isRequired(MethodParameter parameter) {
        RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
        RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
        return (query != null && query.required()) || (header != null && header.required());
    }

    @Test
    void connectionsAreClosedWhileTheProcessDrains(@Autowired ApplicationContext process) {
        assertThat(shop.get().uri("/livez")).doesNotContainHeader(HttpHeaders.CONNECTION);
        AvailabilityChangeEvent.publish(process, ReadinessState.REFUSING_TRAFFIC);
        try {
            assertThat(shop.get().uri("/livez")).hasHeader(HttpHeaders.CONNECTION, "close");
        } finally {
            AvailabilityChangeEvent.publish(process, ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:5173", "https://branch-7.preview.example.com"})
    void pagesOfAllowedOriginsReadTheResponse(String origin) {
        assertThat(shop.get().uri("/livez").header(HttpHeaders.ORIGIN, origin))
                .hasStatusOk()
                .hasHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://other.example.com", "http://localhost:80.example.com", "https://a.b.preview.example.com"
            })
    void pagesOfOtherOriginsDoNot(String origin) {
        assertThat(shop.get().uri("/livez").header(HttpHeaders.ORIGIN, origin))
                .hasStatusOk()
                .doesNotContainHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    }
}
