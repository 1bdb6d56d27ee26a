package com.example.shop.dev;

import java.nio.file.Path;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import com.example.shop.broker.Broker;

/** Runs only a broker, which the fault tests can kill: {@code BrokerProgram FOLDER PORT}. */
public final class BrokerProgram {

    private BrokerProgram() {}

    public static void main(String[] arguments) {
        // Without an application of Spring, everything is logged.
        LoggingSystem.get(BrokerProgram.class.getClassLoader())
                .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        Broker broker = new Broker(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    }
}
