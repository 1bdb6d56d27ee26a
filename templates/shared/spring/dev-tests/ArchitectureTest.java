package com.example.shop.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The settings of the services and their deployment agree with architecture.yaml. */
class ArchitectureTest {

    private static final Path PROJECT = Path.of("..");
    private static final Architecture ARCHITECTURE = architecture();

    private static Architecture architecture() {
        try {
            return Architecture.read(PROJECT);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static JsonNode yaml(String path) throws IOException {
        LoaderOptions options = new LoaderOptions();
        // Containers share their settings by aliases.
        options.setMaxAliasesForCollections(1000);
        Object document = new Yaml(options).load(Files.readString(PROJECT.resolve(path)));
        return JsonMapper.shared().valueToTree(document);
    }

    static Stream<String> services() {
        return ARCHITECTURE.services().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceHasTheSchemasOfItsDatabase(String service) throws IOException {
        JsonNode settings = yaml("services/" + service + "/src/main/resources/config/application.yaml");
        assertThat(settings.at("/spring/application/name").asString()).isEqualTo(service);
        List<String> schemas = ARCHITECTURE.services().get(service).database();
        assertThat(settings.at("/shop/contexts").asString())
                .isEqualTo(schemas == null ? "" : String.join(",", schemas));
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceHasTheAddressesOfThoseThatItCalls(String service) throws IOException {
        JsonNode settings = yaml("services/" + service + "/src/main/resources/config/application.yaml");
        assertThat(settings.at("/shop/calls/urls").propertyNames())
                .containsExactlyInAnyOrderElementsOf(ARCHITECTURE.callsWithAudit(service));
    }

    @ParameterizedTest
    @MethodSource("services")
    void aContainerKnowsItsCallers(String service) throws IOException {
        String listed = yaml("deploy/compose.yaml")
                .at("/services/" + service + "/environment/CALLERS")
                .asString("");
        Set<String> callers = new TreeSet<>();
        for (String each : listed.isEmpty() ? new String[0] : listed.split(",", -1)) {
            callers.add(each.substring(0, each.indexOf('=')));
        }
        assertThat(services().filter(other -> ARCHITECTURE.calls(other).contains(service)))
                .containsExactlyInAnyOrderElementsOf(callers);
    }

    @Test
    void callsAreThoseOfTheContextsInOtherServices() {
        Architecture grouped = new Architecture(
                Map.of(
                        "press", new Architecture.Service(List.of("editing", "reading"), null),
                        "search", new Architecture.Service(List.of("search"), null)),
                Map.of(
                        "editing", new Architecture.Context(null, List.of("reading", "search"), null),
                        "reading", new Architecture.Context(List.of("/v1/reading"), List.of("search"), null)));
        assertThat(grouped.calls("press")).containsExactly("search");
        assertThat(grouped.calls("search")).isEmpty();
        assertThat(grouped.paths("press")).containsExactly("/v1/reading");
    }
}
