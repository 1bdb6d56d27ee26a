package com.example.shop.dev;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the development gateway.
 *
 * @param project the folder with architecture.yaml and the programs of the services
 * @param audits the path of each report of the audit, by the context whose service answers it
 */
@ConfigurationProperties("shop")
record GatewaySettings(Path project, @DefaultValue Map<String, String> audits) {}
