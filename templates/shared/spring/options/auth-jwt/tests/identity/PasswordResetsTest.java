package com.example.shop.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.task.support.TaskExecutorAdapter;

import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.RateLimit;
import com.example.shop.chassis.security.Caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PasswordResetsTest {

    private static final String EMAIL = "alice@example.com";
    private static final String OLD = "the old password";
    private static final String NEW = "the new password";

    @TempDir
    private Path folder;

    private Users users;
    private Sessions sessions;
    private PasswordResets resets;

    @BeforeEach
    void register() {
        TestDatabase database = new TestDatabase("identity");
        users = new Users(database.client, database.transactions, new Passwords());
        sessions = new Sessions(database.client, database.transactions);
        resets = resets(folder.toString());
        users.register(EMAIL, OLD, List.of(Caller.CUSTOMER));
    }

    @Test
    void aTokenFromTheMailSetsANewPasswordAndEndsAllSessions() throws IOException {
        String session = sessions.open(users.authenticate(EMAIL, OLD));
        resets.request("Alice@Example.com");
        resets.redeem(mailedToken(), NEW);
        assertThat(users.authenticate(EMAIL, NEW).user().email()).isEqualTo(EMAIL);
        assertThatThrownBy(() -> users.authenticate(EMAIL, OLD)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> sessions.rotate(session)).isInstanceOf(Problem.class);
    }

    @Test
    void aSessionDoesNotBeginAfterItsPasswordWasChanged() {
        Users.Account verified = users.authenticate(EMAIL, OLD);
        users.changePassword(verified.user().id(), OLD, NEW);
        assertThatThrownBy(() -> sessions.open(verified)).hasMessageContaining("password is wrong");
    }

    @Test
    void aTokenIsValidForOneReset() throws IOException {
        resets.request(EMAIL);
        String token = mailedToken();
        resets.redeem(token, NEW);
        assertThatThrownBy(() -> resets.redeem(token, "another password")).hasMessageContaining("reset token");
    }

    @Test
    void anAccessTokenResetsNoPassword() {
        IdentitySettings settings = settings(folder.toString());
        User user = users.authenticate(EMAIL, OLD).user();
        String token = new AccessTokens(settings, new SigningKeys(settings)).issue(user);
        assertThatThrownBy(() -> resets.redeem(token, NEW)).hasMessageContaining("reset token");
    }

    @Test
    void nobodyIsToldWhetherThereIsAnAccount() throws IOException {
        resets.request("nobody@example.com");
        assertThat(mails()).isEmpty();
    }

    @Test
    void onlyTheAccountOfTheShopCanReadTheMail() throws IOException {
        resets.request(EMAIL);
        assertThat(Files.getPosixFilePermissions(mails().getFirst())).hasSize(2);
    }

    @Test
    void withoutMailThereIsNothingToRequest() {
        PasswordResets without = resets("");
        assertThatThrownBy(() -> without.request(EMAIL)).hasMessageContaining("nothing at this path");
    }

    private PasswordResets resets(String mailFolder) {
        IdentitySettings settings = settings(mailFolder);
        return new PasswordResets(users, new SigningKeys(settings), settings, new TaskExecutorAdapter(Runnable::run));
    }

    private static IdentitySettings settings(String mailFolder) {
        RateLimit limit = RateLimit.valueOf("100/minute");
        List<String> keys = List.of("A".repeat(43));
        return new IdentitySettings(keys, "shop", "shop", "", "", limit, limit, limit, "", "", mailFolder);
    }

    private String mailedToken() throws IOException {
        return Files.readString(mails().getFirst()).strip().lines().toList().getLast();
    }

    private List<Path> mails() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
