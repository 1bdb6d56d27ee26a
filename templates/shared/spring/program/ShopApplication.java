package com.example.shop;

import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableScheduling;

import com.example.shop.chassis.startup.Command;
import com.example.shop.chassis.startup.StartupRefused;

/** Entry point of the program: its contexts are the packages beside this class. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableResilientMethods
@EnableScheduling
public class ShopApplication {

    private static final String SERVE = "serve";

    /** Runs the commands in their order, such as {@code migrate seed serve}; without any, serves requests. */
    public static void main(String[] arguments) {
        List<String> commands = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        for (String command : commands) {
            if (!command.equals(SERVE)) {
                run(command, arguments);
            }
        }
        if (commands.isEmpty() || commands.contains(SERVE)) {
            SpringApplication.run(ShopApplication.class, arguments);
        }
    }

    private static void run(String name, String[] arguments) {
        SpringApplicationBuilder program = new SpringApplicationBuilder(ShopApplication.class)
                .web(WebApplicationType.NONE)
                // Only what the command needs.
                .lazyInitialization(true);
        try (ConfigurableApplicationContext context = program.run(arguments)) {
            context.getBeansOfType(Command.class).values().stream()
                    .filter(command -> command.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new StartupRefused("There is no command " + name + '.'))
                    .run();
        } catch (StartupRefused refused) {
            // Spring Boot reports only what prevents the start of a context.
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }
}
