package com.example.shop;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.core.ApplicationModules;

import static org.assertj.core.api.Assertions.assertThat;

/** No context knows another, neither in Java nor in SQL. */
class BoundariesTest {

    private static final ApplicationModules MODULES = ApplicationModules.of(ShopApplication.class);
    private static final Set<String> SHARED = Set.of("app", "chassis", "audit");
    private static final Pattern TABLE =
            Pattern.compile("\\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES|TABLE) +\"?(\\w+)\"?\\.[\\w\"]");

    @Test
    void modulesDependOnlyOnWhatTheyDeclare() {
        MODULES.verify();
    }

    /** Returns the packages that are contexts. */
    static Stream<String> contexts() {
        return MODULES.stream().map(module -> module.getIdentifier().toString()).filter(name -> !SHARED.contains(name));
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void aContextNamesNoSchemaButItsOwn(String context) throws IOException, URISyntaxException {
        Path classes = Path.of(ShopApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path code = classes.resolve(ShopApplication.class.getPackageName().replace('.', '/'));
        Path migrations = classes.resolve("db").resolve(context);
        List<String> schemas = new ArrayList<>(schemas(code.resolve(context)));
        if (Files.exists(migrations)) {
            schemas.addAll(schemas(migrations));
            // Contexts with tables name their schema at all: the pattern still finds it.
            assertThat(schemas).isNotEmpty();
        }
        assertThat(schemas).allMatch(context::equals);
    }

    /** Returns the schemas in the SQL of the files in a folder; the texts of a class are readable in its file. */
    private static List<String> schemas(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                TABLE.matcher(text).results().map(table -> table.group(1)).forEach(found::add);
            }
        }
        return found;
    }
}
