package com.example.shop.dev;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.HealthCheck;

/** The gateway is ready when all services are. */
@Component
class ServiceChecks implements HealthCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private final ServiceProcesses services;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    ServiceChecks(ServiceProcesses services) {
        this.services = services;
    }

    @Override
    public String name() {
        return "services";
    }

    @Override
    public void run() {
        services.urls().forEach((service, url) -> {
            if (!isReady(url)) {
                throw new IllegalStateException(service + " is not ready");
            }
        });
    }

    private boolean isReady(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/readyz"))
                .timeout(TIMEOUT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == HttpStatus.OK.value();
        } catch (IOException starting) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
