package com.example.shop.chassis.http;

import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Serves at once as many connections as have room in the heap; others wait in the queue of the operating system.
 *
 * <p>A connection holds its buffers until its request is answered. Slow clients, or requests that wait for a database
 * that stalls, would fill the heap, and the process would end.
 */
@Component
class ConnectionLimit implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    // Three times what a connection holds with headers of 32 KiB: the rest of the heap is for everything else.
    private static final long HEAP_BYTES_EACH = 256 * 1024;
    private static final long MOST = 8192;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        int connections = (int) Math.min(Runtime.getRuntime().maxMemory() / HEAP_BYTES_EACH, MOST);
        factory.addConnectorCustomizers(
                connector -> ((AbstractProtocol<?>) connector.getProtocolHandler()).setMaxConnections(connections));
    }
}
