package com.example.shop.chassis.openapi;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.ShopApplication;

import static org.assertj.core.api.Assertions.assertThat;

/** The descriptions in openapi/*.yaml agree with the controllers. */
class ApiDocumentTest {

    private static final Pattern HIDDEN =
            Pattern.compile("(/internal/|/docs|/analytics|/metrics|/\\.well-known/security\\.txt|\\$).*");
    private static final Pattern REFERENCE = Pattern.compile("\\$ref=#/components/(\\w+)/(\\w+)");
    private static final Pattern UPPER = Pattern.compile("[A-Z]");
    private final Map<String, Object> document =
            ApiDocument.read("shop", Map.of()).json();

    @Test
    void everyOperationIsDescribedAndNoOther() {
        assertThat(described().keySet()).isEqualTo(handlers().keySet());
    }

    @Test
    void theParametersHaveTheNamesThatTheControllersRead() {
        Map<String, Map<String, Object>> described = described();
        handlers()
                .forEach((operation, handler) -> assertThat(names(described.get(operation)))
                        .as(operation)
                        .isEqualTo(Arrays.stream(handler.getParameters())
                                .flatMap(ApiDocumentTest::name)
                                .collect(Collectors.toCollection(TreeSet::new))));
    }

    @Test
    void theBodiesOfRequestsHaveTheFieldsOfTheirRecords() {
        Map<String, Map<String, Object>> described = described();
        handlers()
                .forEach((operation, handler) -> Arrays.stream(handler.getParameters())
                        .filter(parameter -> parameter.isAnnotationPresent(RequestBody.class))
                        .forEach(body -> assertThat(fields(described.get(operation)))
                                .as(operation)
                                .isEqualTo(Arrays.stream(body.getType().getRecordComponents())
                                        .map(RecordComponent::getName)
                                        .map(name -> UPPER.matcher(name)
                                                .replaceAll("_$0")
                                                .toLowerCase(Locale.ROOT))
                                        .collect(Collectors.toSet()))));
    }

    @Test
    void everyReferenceNamesAPartOfTheDocument() {
        assertThat(REFERENCE.matcher(document.toString()).results())
                .isNotEmpty()
                .allSatisfy(found -> assertThat(object(object(document, "components"), found.group(1)))
                        .containsKey(found.group(2)));
    }

    private Map<String, Map<String, Object>> described() {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        object(document, "paths")
                .forEach((path, methods) -> cast(methods)
                        .forEach((method, operation) ->
                                operations.put(method.toUpperCase(Locale.ROOT) + ' ' + path, cast(operation))));
        return operations;
    }

    private static Map<String, Method> handlers() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
        Map<String, Method> handlers = new TreeMap<>();
        scanner.findCandidateComponents(ShopApplication.class.getPackageName()).forEach(found -> {
            Class<?> controller = ClassUtils.resolveClassName(
                    String.valueOf(found.getBeanClassName()), ApiDocumentTest.class.getClassLoader());
            for (Method method : controller.getDeclaredMethods()) {
                operations(controller, method).forEach(operation -> handlers.put(operation, method));
            }
        });
        return handlers;
    }

    private static Stream<String> operations(Class<?> controller, Method method) {
        RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (mapping == null) {
            return Stream.of();
        }
        RequestMapping all = AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class);
        String prefix = all == null ? "" : all.path()[0];
        Collection<String> paths = mapping.path().length == 0 ? List.of("") : List.of(mapping.path());
        return paths.stream()
                .map(path -> prefix + path)
                .filter(path -> !HIDDEN.matcher(path).matches())
                .map(path -> mapping.method()[0].name() + ' ' + path);
    }

    /** Returns the name of what a parameter of a controller reads, if that is described as a parameter. */
    private static Stream<String> name(Parameter parameter) {
        PathVariable path = AnnotatedElementUtils.findMergedAnnotation(parameter, PathVariable.class);
        RequestParam query = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
        RequestHeader header = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestHeader.class);
        return Stream.of(
                        path == null ? null : path.name().isEmpty() ? parameter.getName() : path.name(),
                        query == null ? null : query.name().isEmpty() ? parameter.getName() : query.name(),
                        header == null ? null : header.name())
                .filter(name -> name != null);
    }

    private static Set<String> names(Map<String, Object> operation) {
        List<?> parameters = (List<?>) operation.getOrDefault("parameters", List.of());
        return parameters.stream()
                .map(parameter -> String.valueOf(cast(parameter).get("name")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> fields(Map<String, Object> operation) {
        Map<String, Object> content = object(object(operation, "requestBody"), "content");
        Map<String, Object> schema = object(object(content, "application/json"), "schema");
        String name = String.valueOf(schema.get("$ref")).replaceFirst(".*/", "");
        return object(object(object(object(document, "components"), "schemas"), name), "properties")
                .keySet();
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return cast(parent.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }
}
