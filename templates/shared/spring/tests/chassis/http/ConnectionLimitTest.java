package com.example.shop.chassis.http;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** The number of connections at once depends on the heap. */
class ConnectionLimitTest {

    @Test
    void allConnectionsTogetherHaveRoomInTheHeap() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
        new ConnectionLimit().customize(factory);
        Connector connector = new Connector();
        factory.getConnectorCustomizers().forEach(each -> each.customize(connector));
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(((AbstractProtocol<?>) connector.getProtocolHandler()).getMaxConnections())
                .isPositive()
                .isLessThanOrEqualTo(8192)
                .satisfies(most -> assertThat(most * 256L * 1024).isLessThanOrEqualTo(heap));
    }
}
