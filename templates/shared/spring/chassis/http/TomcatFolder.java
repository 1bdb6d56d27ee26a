package com.example.shop.chassis.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** The working folder of Tomcat, which is removed at the end: the one that Spring Boot makes would stay. */
@Component
class TomcatFolder implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, DisposableBean {

    private @Nullable Path folder;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        try {
            folder = Files.createTempDirectory("tomcat.");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        factory.setBaseDirectory(folder.toFile());
    }

    @Override
    public void destroy() throws IOException {
        FileSystemUtils.deleteRecursively(folder);
    }
}
