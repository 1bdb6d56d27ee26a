package com.example.shop.dev;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import com.example.shop.broker.Broker;
import com.example.shop.chassis.messaging.bus.BusAdministration;
import com.example.shop.chassis.messaging.bus.BusSettings;

/** The event bus of all services, with its topics: the one of {@code BUS_URL}, or a broker in this process. */
@Component
class LocalBus implements CommonVariables, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LocalBus.class);
    private static final Path FOLDER = Path.of("var", "kafka");
    private final @Nullable Broker broker;
    private final String url;

    LocalBus(@Value("${BUS_URL:}") String url, Environment environment) {
        this.broker = url.isEmpty() ? new Broker(FOLDER) : null;
        this.url = broker == null ? url : broker.url();
        log.info("The event bus: {}", this.url);
        BusSettings settings =
                Binder.get(environment).bind("shop.bus", BusSettings.class).get();
        new BusAdministration(settings.at(this.url)).run();
    }

    @Override
    public Map<String, String> variables() {
        return Map.of("BUS_URL", url);
    }

    @Override
    public void destroy() {
        if (broker != null) {
            broker.close();
        }
    }
}
