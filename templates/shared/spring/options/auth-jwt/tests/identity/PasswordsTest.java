package com.example.shop.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.http.Problem;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void excessCallsAreRefusedAndTheOthersAreServed() throws InterruptedException {
        int callers = 2 * (Passwords.WAITING + Runtime.getRuntime().availableProcessors());
        List<Future<String>> calls = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < callers; caller++) {
                calls.add(executor.submit(() -> passwords.hash("a password")));
            }
        }
        List<Future<String>> refused = calls.stream()
                .filter(call -> call.state() == Future.State.FAILED)
                .toList();
        assertThat(refused).isNotEmpty();
        assertThat(refused).allSatisfy(call -> assertThat(call.exceptionNow()).isInstanceOf(Problem.class));
        assertThat(calls.size() - refused.size()).isGreaterThanOrEqualTo(Passwords.WAITING);
        assertThat(passwords.hash("a password")).startsWith("$argon2id$");
    }
}
