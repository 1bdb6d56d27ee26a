package com.example.shop.chassis.openapi;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.beans.factory.config.YamlMapFactoryBean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpStatus;

/**
 * The OpenAPI document: the descriptions of the contexts in {@code openapi/*.yaml}, and the errors that they share.
 *
 * <p>A context's description is written by hand, and moves with the context; a test compares it with the controllers.
 */
final class ApiDocument {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String RESPONSES = "responses";
    private static final String RESPONSE = "#/components/responses/";
    private static final String REFERENCE = "$ref";
    private static final String CONTENT = "content";
    private static final String BODY = "requestBody";
    private static final List<HttpStatus> EVERYWHERE =
            List.of(HttpStatus.TOO_MANY_REQUESTS, HttpStatus.INTERNAL_SERVER_ERROR, HttpStatus.SERVICE_UNAVAILABLE);
    private static final List<HttpStatus> WITH_BODY =
            List.of(HttpStatus.BAD_REQUEST, HttpStatus.CONTENT_TOO_LARGE, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    private final Map<String, Object> document;

    /** Reads the descriptions of all contexts on the class path. */
    static ApiDocument read(String title, Map<String, Object> securityScheme) {
        YamlMapFactoryBean yaml = new YamlMapFactoryBean();
        try {
            Resource[] contexts = new PathMatchingResourcePatternResolver().getResources("classpath*:openapi/*.yaml");
            yaml.setResources(contexts);
        } catch (IOException failure) {
            throw new IllegalStateException("The descriptions of the API cannot be read.", failure);
        }
        return new ApiDocument(title, securityScheme, Objects.requireNonNull(yaml.getObject()));
    }

    private ApiDocument(String title, Map<String, Object> securityScheme, Map<String, Object> contexts) {
        document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", title, "version", "1.0.0"));
        document.putAll(contexts);
        Map<String, Object> components = object(document, "components");
        components.put("securitySchemes", Map.of("access_token", securityScheme));
        Map<String, Object> problems = object(components, RESPONSES);
        object(document, "paths").values().stream()
                .flatMap(path -> operations(path).values().stream())
                .forEach(operation -> addErrors(cast(operation), problems));
    }

    /** Returns the document. */
    Map<String, Object> json() {
        return document;
    }

    /** Describes the errors that the chassis or the edge answers before or after a controller's own code. */
    private static void addErrors(Map<String, Object> operation, Map<String, Object> problems) {
        Map<String, Object> answers = object(operation, RESPONSES);
        EVERYWHERE.forEach(status -> answers.putIfAbsent(code(status), new LinkedHashMap<>()));
        List<Map<String, Object>> parameters = list(operation, "parameters");
        boolean body = operation.containsKey(BODY);
        if (body) {
            WITH_BODY.forEach(status -> answers.putIfAbsent(code(status), new LinkedHashMap<>()));
        }
        for (Map<String, Object> parameter : parameters) {
            // Proxies do not route every text, such as one with a line break.
            if ("path".equals(parameter.get("in"))) {
                answers.putIfAbsent(code(HttpStatus.NOT_FOUND), new LinkedHashMap<>());
            }
            // Tomcat refuses some addresses, such as one with a backslash, or with a parameter that has no name.
            if (!"header".equals(parameter.get("in")) || Boolean.TRUE.equals(parameter.get("required"))) {
                answers.putIfAbsent(code(HttpStatus.BAD_REQUEST), new LinkedHashMap<>());
            }
        }
        if (body || !parameters.isEmpty()) {
            answers.putIfAbsent(code(HttpStatus.UNPROCESSABLE_CONTENT), new LinkedHashMap<>());
        }
        for (Map<String, Object> required : list(operation, "security")) {
            answers.putIfAbsent(code(HttpStatus.UNAUTHORIZED), new LinkedHashMap<>());
            if (!required.values().stream().allMatch(List.of()::equals)) {
                answers.putIfAbsent(code(HttpStatus.FORBIDDEN), new LinkedHashMap<>());
            }
        }
        answers.replaceAll((code, answer) -> described(HttpStatus.valueOf(Integer.parseInt(code)), answer, problems));
        operation.put(RESPONSES, new TreeMap<>(answers));
    }

    private static Object described(HttpStatus status, Object answer, Map<String, Object> problems) {
        if (!status.isError() || cast(answer).containsKey(CONTENT)) {
            return answer;
        }
        Map<String, Object> schema = Map.of("schema", Map.of(REFERENCE, SCHEMAS + "Problem"));
        problems.put(
                status.name(),
                Map.of("description", status.getReasonPhrase(), CONTENT, Map.of("application/problem+json", schema)));
        return Map.of(REFERENCE, RESPONSE + status.name());
    }

    private static String code(HttpStatus status) {
        return Integer.toString(status.value());
    }

    private static Map<String, Object> operations(Object path) {
        return cast(path);
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return cast(parent.computeIfAbsent(name, missing -> new LinkedHashMap<>()));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> parent, String name) {
        return (List<Map<String, Object>>) parent.getOrDefault(name, List.of());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }
}
