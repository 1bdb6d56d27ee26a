package com.example.shop.identity;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.security.Caller;

/** Accounts: an email address, a password and roles. */
@Service
class Users implements UserDirectory {

    private static final RowMapper<Account> ACCOUNT = (row, number) -> new Account(
            new User(
                    row.getObject("id", UUID.class),
                    row.getString("email"),
                    List.of(row.getString("roles").split(" "))),
            row.getString("password_hash"));
    private final JdbcClient database;
    private final Transactions transactions;
    private final Passwords passwords;

    Users(JdbcClient database, Transactions transactions, Passwords passwords) {
        this.database = database;
        this.transactions = transactions;
        this.passwords = passwords;
    }

    /** A user, and the hash of the password. */
    record Account(User user, String passwordHash) {}

    /** Creates an account; throws the problem {@code email-taken} if there is one. */
    User register(String email, String password, List<String> roles) {
        String address = EmailAddresses.normal(email);
        User user = new User(Ids.next(), address, roles.stream().sorted().toList());
        String hash = passwords.hash(password);
        try {
            database.sql(
                            "INSERT INTO identity.users (id, email, password_hash, roles, created_at) VALUES (?, ?, ?, ?, ?)")
                    .params(user.id(), address, hash, String.join(" ", user.roles()), Clock.now())
                    .update();
        } catch (DuplicateKeyException taken) {
            throw Problem.conflict("email-taken", "An account with this email address already exists.");
        }
        return user;
    }

    /**
     * Returns the account with this email and password, or throws the problem {@code invalid-credentials}.
     *
     * <p>An unknown email takes as long as a wrong password. A hash made with outdated parameters is replaced here,
     * because only now the password is known.
     */
    Account authenticate(String email, String password) {
        Optional<Account> found = find(email);
        String hash = found.map(Account::passwordHash).orElse(null);
        if (!passwords.matches(password, hash) || found.isEmpty()) {
            throw invalidCredentials();
        }
        Account account = found.get();
        if (!passwords.isOutdated(account.passwordHash)) {
            return account;
        }
        String newHash = passwords.hash(password);
        if (replaceHash(account.user.id(), account.passwordHash, newHash) == 0) {
            // A concurrent request has replaced it, or changed the password.
            return authenticate(email, password);
        }
        return new Account(account.user, newHash);
    }

    @Override
    public boolean exists(UUID userId) {
        return find(userId).isPresent();
    }

    /** Sets a new password and ends all sessions; throws the problem {@code wrong-password}. */
    void changePassword(UUID userId, String current, String replacement) {
        String oldHash = passwordHash(userId).orElse(null);
        if (!passwords.matches(current, oldHash) || oldHash == null) {
            throw wrongPassword();
        }
        if (!setPassword(userId, oldHash, replacement)) {
            throw wrongPassword();
        }
    }

    /** Sets a new password and ends all sessions; returns false if the hash is no longer the old one. */
    boolean setPassword(UUID userId, String oldHash, String replacement) {
        String newHash = passwords.hash(replacement);
        return transactions.run(() -> {
            if (replaceHash(userId, oldHash, newHash) == 0) {
                return false;
            }
            signOut(userId);
            return true;
        });
    }

    /** Returns the hash of the account's password. */
    Optional<String> passwordHash(UUID userId) {
        return find(userId).map(Account::passwordHash);
    }

    /**
     * Gives or takes the admin role, which counts from the next access token on.
     *
     * <p>Throws the problem {@code forbidden} if the caller has lost the role: an earlier access token still names it.
     */
    User setAdministrator(UUID caller, UUID userId, boolean administrator) {
        return transactions.run(() -> {
            database.sql(
                            "SELECT id, email, roles, password_hash FROM identity.users WHERE id IN (?, ?) ORDER BY id FOR UPDATE")
                    .params(caller, userId)
                    .query(ACCOUNT)
                    .list();
            if (find(caller)
                    .filter(account -> account.user.roles().contains(Caller.ADMIN))
                    .isEmpty()) {
                throw Problem.forbidden();
            }
            return changeRole(userId, administrator);
        });
    }

    private User changeRole(UUID userId, boolean administrator) {
        User user = find(userId)
                .map(Account::user)
                .orElseThrow(() -> Problem.notFound("There is no account with this id."));
        TreeSet<String> roles = new TreeSet<>(user.roles());
        if (administrator) {
            roles.add(Caller.ADMIN);
        } else {
            roles.remove(Caller.ADMIN);
        }
        database.sql("UPDATE identity.users SET roles = ? WHERE id = ?")
                .params(String.join(" ", roles), userId)
                .update();
        return new User(userId, user.email(), List.copyOf(roles));
    }

    /** Ensures that this account exists and is an administrator's; the password is its first one. */
    void ensureAdministrator(String email, String password) {
        Optional<Account> found = find(email);
        if (found.isEmpty()) {
            register(email, password, List.of(Caller.ADMIN, Caller.CUSTOMER));
        } else if (!found.get().user.roles().contains(Caller.ADMIN)) {
            // Somebody else may have registered this address first and must not become the administrator:
            // neither their password nor their sessions survive.
            User user = found.get().user;
            String hash = passwords.hash(password);
            transactions.run(() -> {
                replaceHash(user.id(), found.get().passwordHash, hash);
                signOut(user.id());
                return changeRole(user.id(), true);
            });
        }
    }

    /** Returns the user with this email address. */
    Optional<User> withEmail(String email) {
        return find(email).map(Account::user);
    }

    private Optional<Account> find(String email) {
        return database.sql("SELECT id, email, roles, password_hash FROM identity.users WHERE email = ?")
                .param(EmailAddresses.normal(email))
                .query(ACCOUNT)
                .optional();
    }

    private Optional<Account> find(UUID userId) {
        return database.sql("SELECT id, email, roles, password_hash FROM identity.users WHERE id = ?")
                .param(userId)
                .query(ACCOUNT)
                .optional();
    }

    private int replaceHash(UUID userId, String oldHash, String newHash) {
        return database.sql("UPDATE identity.users SET password_hash = ? WHERE id = ? AND password_hash = ?")
                .params(newHash, userId, oldHash)
                .update();
    }

    private void signOut(UUID userId) {
        database.sql("DELETE FROM identity.sessions WHERE user_id = ?")
                .param(userId)
                .update();
    }

    /** Returns the problem of a wrong email address or password. */
    static Problem invalidCredentials() {
        return new Problem(
                HttpStatus.UNAUTHORIZED, "invalid-credentials", "The email address or the password is wrong.");
    }

    private static Problem wrongPassword() {
        return new Problem(HttpStatus.FORBIDDEN, "wrong-password", "The current password is wrong.");
    }
}
