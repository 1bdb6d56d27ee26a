package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.modulith.core.ApplicationModules;

/** No context knows another, neither in Java nor in SQL. */
class BoundariesTest {

    private static final Pattern TABLE = Pattern.compile("\\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES|TABLE) +(\\w+)\\.[\\w\"]");

    @Test
    void modulesDependOnlyOnWhatTheyDeclare() {
        ApplicationModules.of(ShopApplication.class).verify();
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "catalog", "inventory", "cart", "orders", "payments", "notifications"})
    void aContextNamesNoSchemaButItsOwn(String context) throws IOException, URISyntaxException {
        Path classes = Path.of(
                ShopApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path code = classes.resolve(ShopApplication.class.getPackageName().replace('.', '/'));
        List<String> schemas = Stream.of(code.resolve(context), classes.resolve("db").resolve(context))
                .flatMap(BoundariesTest::files)
                .flatMap(BoundariesTest::schemas)
                .toList();
        assertThat(schemas).allMatch(context::equals);
        // Contexts that name their schema at all: the pattern still finds it.
        assertThat(schemas).isNotEmpty();
    }

    private static Stream<Path> files(Path folder) {
        try {
            return Files.walk(folder).filter(Files::isRegularFile);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the schemas in the SQL of a file; the texts of a class are readable in its file. */
    private static Stream<String> schemas(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return TABLE.matcher(text).results().map((MatchResult found) -> found.group(1));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
