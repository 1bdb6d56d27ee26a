package com.example.shop.analytics;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;

import com.example.shop.chassis.http.Problem;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

/** A stream ends with its client and with the process, and then another client can follow. */
class SummaryStreamTest {

    private final ApplicationAvailability availability = mock();
    private final SummaryStream stream = new SummaryStream(mock(), availability, Messages.JSON);
    private final HttpServletResponse response = mock();

    @BeforeEach
    void acceptTraffic() throws IOException {
        when(availability.getReadinessState()).thenReturn(ReadinessState.ACCEPTING_TRAFFIC);
        when(response.getOutputStream()).thenReturn(mock(ServletOutputStream.class));
    }

    @Test
    void clientsAreLimitedAndThoseThatAcceptNothingFreeTheirSlots() throws IOException, InterruptedException {
        CountDownLatch sending = new CountDownLatch(SummaryStream.CLIENTS);
        CountDownLatch timeout = new CountDownLatch(1);
        doAnswer(call -> {
                    sending.countDown();
                    timeout.await();
                    throw new SocketTimeoutException();
                })
                .when(response)
                .flushBuffer();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < SummaryStream.CLIENTS; client++) {
                clients.submit(() -> {
                    stream.send(response);
                    return null;
                });
            }
            sending.await();
            assertThatThrownBy(() -> stream.send(response)).isInstanceOf(Problem.class);
            timeout.countDown();
        }
        stream.send(response);
        verify(response, times(SummaryStream.CLIENTS + 1)).flushBuffer();
    }

    @Test
    void theStreamEndsWhenTheProcessStops() throws IOException, InterruptedException {
        when(availability.getReadinessState())
                .thenReturn(ReadinessState.ACCEPTING_TRAFFIC, ReadinessState.REFUSING_TRAFFIC);
        stream.send(response);
        verify(response).flushBuffer();
    }
}
