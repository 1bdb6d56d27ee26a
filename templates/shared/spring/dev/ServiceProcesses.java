package com.example.shop.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The services of the shop as processes of this machine, each with its own embedded database. */
@Component
class ServiceProcesses implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ServiceProcesses.class);
    // Ends a service when its standard input ends, as it does when this program is killed: a service that stayed would
    // keep its database locked for the next run.
    private static final String WITH_INPUT = """
            exec 3<&0 </dev/null
            (read -r _; kill $$) <&3 2>/dev/null &
            exec "$@" 3<&-""";
    private final Path project;
    private final Map<String, String> audits;
    private final Architecture architecture;
    private final Map<String, String> common = new LinkedHashMap<>();
    private final Map<String, String> urls = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private volatile boolean running;

    ServiceProcesses(GatewaySettings settings, ObjectProvider<CommonVariables> servers) throws IOException {
        this.project = settings.project().toAbsolutePath();
        this.audits = settings.audits();
        this.architecture = Architecture.read(project);
        servers.forEach(each -> common.putAll(each.variables()));
        for (String service : architecture.services().keySet()) {
            urls.put(service, "http://127.0.0.1:" + freePort());
        }
    }

    /** Returns the addresses of the services by the prefixes of their paths. */
    Map<String, String> routes() {
        // Longer prefixes first.
        Map<String, String> routes = new TreeMap<>(Comparator.reverseOrder());
        urls.forEach((service, url) -> architecture.paths(service).forEach(path -> routes.put(path, url)));
        urls.forEach((service, url) -> routes.put("/openapi/" + service + ".json", url));
        routes.put("/docs", address(architecture.serviceOf("identity")));
        audits.forEach((context, path) -> routes.put(path, address(architecture.serviceOf(context))));
        return routes;
    }

    /** Returns the addresses of the services by name. */
    Map<String, String> urls() {
        return urls;
    }

    @Override
    public void start() {
        running = true;
        environments().forEach((service, variables) -> {
            Process started = launch(service, variables);
            processes.put(service, started);
            Thread.ofPlatform().daemon().start(() -> endWith(service, started));
        });
    }

    /** Ends the whole shop when one of its services has ended. */
    private void endWith(String service, Process process) {
        await(process);
        if (running) {
            log.error("The service {} has ended; see its log above.", service);
            System.exit(1);
        }
    }

    /** Stops the services. In the default phase, so before anything else of the gateway. */
    @Override
    public void stop() {
        running = false;
        processes.values().forEach(Process::destroy);
        processes.values().forEach(ServiceProcesses::await);
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private Process launch(String service, Map<String, String> variables) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", WITH_INPUT, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        Path jar = project.resolve(Path.of("services", service, "target", service + ".jar"));
        command.addAll(List.of("-jar", jar.toString(), "migrate", "serve"));
        ProcessBuilder program = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        program.environment().putAll(variables);
        try {
            return program.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the variables of each service: addresses, and new keys for the calls between them. */
    private Map<String, Map<String, String>> environments() {
        Map<String, ServiceKeys> keys = new LinkedHashMap<>();
        urls.keySet().stream()
                .filter(service -> !architecture.callsWithAudit(service).isEmpty())
                .forEach(service -> keys.put(service, ServiceKeys.generate()));
        Map<String, Map<String, String>> environments = new LinkedHashMap<>();
        urls.forEach((service, url) -> {
            Map<String, String> variables = new LinkedHashMap<>(common);
            variables.put("PORT", url.substring(url.lastIndexOf(':') + 1));
            // Without an issuer, every service verifies the tokens that identity signs.
            variables.put("IDENTITY_URL", address(architecture.serviceOf("identity")));
            architecture
                    .callsWithAudit(service)
                    .forEach(other -> variables.put(other.toUpperCase(Locale.ROOT) + "_URL", address(other)));
            ServiceKeys own = keys.get(service);
            if (own != null) {
                variables.put("SERVICE_KEY", own.secret());
            }
            variables.put(
                    "CALLERS",
                    keys.entrySet().stream()
                            .filter(caller ->
                                    architecture.callsWithAudit(caller.getKey()).contains(service))
                            .map(caller ->
                                    caller.getKey() + '=' + caller.getValue().publicKey())
                            .collect(Collectors.joining(",")));
            environments.put(service, variables);
        });
        return environments;
    }

    private String address(String service) {
        return urls.getOrDefault(service, "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
