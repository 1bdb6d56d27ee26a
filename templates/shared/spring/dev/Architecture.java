package com.example.shop.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The services of the shop, their contexts, and who calls whom, as {@code architecture.yaml} has it. */
record Architecture(Map<String, Service> services, Map<String, Context> contexts) {

    /** A program: the contexts that it hosts, and the schemas of its database. */
    record Service(List<String> contexts, @Nullable List<String> database) {}

    /** A context: the prefixes of its API, and the contexts that it calls, or whose data its audit reads. */
    record Context(
            @Nullable List<String> paths,
            @Nullable List<String> calls,
            @Nullable List<String> audits) {}

    /** Reads the file in the folder of the project. */
    static Architecture read(Path project) throws IOException {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(project.resolve("architecture.yaml")));
        return JsonMapper.shared().convertValue(document, Architecture.class);
    }

    /** Returns the service that hosts the context. */
    String serviceOf(String context) {
        return services.entrySet().stream()
                .filter(each -> each.getValue().contexts.contains(context))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No service has the context " + context + '.'))
                .getKey();
    }

    /** Returns the other services that the service calls. */
    Set<String> calls(String service) {
        return others(service, Context::calls);
    }

    /** Returns the other services that the service calls, with those that its audit calls in development. */
    Set<String> callsWithAudit(String service) {
        Set<String> called = others(service, Context::audits);
        called.addAll(calls(service));
        return called;
    }

    private Set<String> others(String service, Function<Context, @Nullable List<String>> which) {
        Set<String> called = new TreeSet<>();
        for (String context : contextsOf(service)) {
            List<String> others = which.apply(context(context));
            (others == null ? List.<String>of() : others).forEach(other -> called.add(serviceOf(other)));
        }
        called.remove(service);
        return called;
    }

    /** Returns the prefixes of the paths that belong to the service. */
    List<String> paths(String service) {
        return contextsOf(service).stream()
                .map(context -> context(context).paths)
                .flatMap(paths -> paths == null ? List.<String>of().stream() : paths.stream())
                .toList();
    }

    private Context context(String name) {
        return contexts.getOrDefault(name, new Context(null, null, null));
    }

    private List<String> contextsOf(String service) {
        Service found = services.get(service);
        return found == null ? List.of() : found.contexts;
    }
}
