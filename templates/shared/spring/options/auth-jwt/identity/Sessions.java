package com.example.shop.identity;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/**
 * Sessions: families of refresh tokens, each token valid for one use.
 *
 * <p>A refresh token is the id of its family and a secret, of which only the hash is stored; using it replaces the
 * secret. If any other secret is presented, the family is deleted: two parties hold its tokens, and nobody can tell
 * which of them is the thief. The same applies to two simultaneous refreshes with one token, so a client must not
 * refresh twice at once.
 */
@Service
class Sessions {

    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    private static final Duration LIFETIME = Duration.ofDays(30);
    private final JdbcClient database;
    private final Transactions transactions;

    Sessions(JdbcClient database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** A user, and the next refresh token of the session. */
    record Refreshed(User user, String refreshToken) {}

    @Bean
    static RetentionRule expiredSessions() {
        return new RetentionRule("identity.sessions", List.of("id"), "expires_at <= ?", Clock::now);
    }

    /**
     * Starts a family for the account and returns the first refresh token.
     *
     * <p>Throws the problem {@code invalid-credentials} if the password has changed since it was verified.
     */
    String open(Users.Account verified) {
        UUID userId = verified.user().id();
        RefreshToken token = RefreshToken.next(UUID.randomUUID());
        return transactions.run(() -> {
            // Locked, so that a change of the password ends this session, too.
            Optional<String> current = database.sql("SELECT password_hash FROM identity.users WHERE id = ? FOR UPDATE")
                    .param(userId)
                    .query(String.class)
                    .optional();
            if (!current.equals(Optional.of(verified.passwordHash()))) {
                throw Users.invalidCredentials();
            }
            database.sql("INSERT INTO identity.sessions (id, user_id, secret_hash, expires_at) VALUES (?, ?, ?, ?)")
                    .params(token.family(), userId, token.hash(), Clock.now().plus(LIFETIME))
                    .update();
            return token.encoded();
        });
    }

    /**
     * Uses up a refresh token; returns its user and the next token, valid for 30 days.
     *
     * <p>Throws the problem {@code invalid-refresh-token} for any other token, and deletes its family.
     */
    Refreshed rotate(String text) {
        RefreshToken shown = RefreshToken.decode(text).orElseThrow(Sessions::invalid);
        RefreshToken following = RefreshToken.next(shown.family());
        Optional<User> user = transactions.run(() -> {
            if (replace(shown, following) == 1) {
                return Optional.of(userOf(shown.family()));
            }
            if (delete(shown.family()) == 1) {
                log.warn("Refresh token reused or expired: session {} ended", shown.family());
            }
            return Optional.empty();
        });
        return new Refreshed(user.orElseThrow(Sessions::invalid), following.encoded());
    }

    /** Deletes the family of a refresh token, if it exists. */
    void end(String text) {
        RefreshToken.decode(text).ifPresent(shown -> transactions.run(() -> delete(shown.family())));
    }

    private int replace(RefreshToken shown, RefreshToken following) {
        LocalDateTime now = Clock.now();
        return database.sql("""
                        UPDATE identity.sessions SET secret_hash = ?, expires_at = ?
                        WHERE id = ? AND secret_hash = ? AND expires_at > ?""")
                .params(following.hash(), now.plus(LIFETIME), shown.family(), shown.hash(), now)
                .update();
    }

    private int delete(UUID family) {
        return database.sql("DELETE FROM identity.sessions WHERE id = ?")
                .param(family)
                .update();
    }

    private User userOf(UUID family) {
        return database.sql("""
                        SELECT users.id, users.email, users.roles FROM identity.users
                        JOIN identity.sessions ON sessions.user_id = users.id WHERE sessions.id = ?""")
                .param(family)
                .query((row, number) -> new User(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        List.of(row.getString(3).split(" "))))
                .single();
    }

    private static Problem invalid() {
        return new Problem(
                HttpStatus.UNAUTHORIZED, "invalid-refresh-token", "The refresh token is not valid. Sign in again.");
    }
}
