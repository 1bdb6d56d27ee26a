package com.example.shop.chassis.http;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A client that closes its connection before the answer, as a probe does after its timeout, is no failure. */
class AbandonedRequestTest {

    private final MockMvcTester shop = MockMvcTester.of(
            List.of(new Abandoned()),
            builder -> builder.setControllerAdvice(new ProblemAdvice(new ProblemWriter(JsonMapper.shared())))
                    .build());

    @RestController
    static class Abandoned {

        @GetMapping("/internal/abandoned")
        String read() throws AsyncRequestNotUsableException {
            throw new AsyncRequestNotUsableException("Connection reset by peer");
        }
    }

    @Test
    void itIsNotAnswered() {
        assertThat(shop.get().uri("/internal/abandoned")).hasStatusOk().body().isEmpty();
    }
}
