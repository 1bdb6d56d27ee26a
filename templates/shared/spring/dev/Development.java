package com.example.shop.dev;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;

/** Runs all services and a gateway on this machine. */
@SpringBootApplication(
        scanBasePackages = {
            "com.example.shop.dev",
            "com.example.shop.chassis.http",
            "com.example.shop.chassis.startup",
            "com.example.shop.chassis.cache",
            "com.example.shop.chassis.tracing"
        },
        exclude = {
            DataSourceAutoConfiguration.class,
            SecurityAutoConfiguration.class,
            UserDetailsServiceAutoConfiguration.class,
            SecurityFilterAutoConfiguration.class,
            ServletWebSecurityAutoConfiguration.class
        })
@EnableConfigurationProperties(GatewaySettings.class)
public class Development {

    public static void main(String[] arguments) {
        SpringApplication.run(Development.class, arguments);
    }
}
