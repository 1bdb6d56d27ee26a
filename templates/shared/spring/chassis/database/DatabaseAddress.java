package com.example.shop.chassis.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

import com.example.shop.chassis.startup.StartupRefused;

/** The address of the database, with the credentials apart, as JDBC needs them. */
record DatabaseAddress(
        String url, @Nullable String user, @Nullable String secret) implements JdbcConnectionDetails {

    private static final String JDBC = "jdbc:";
    private static final int MAX_PORT = 65_535;

    /** Parses an address like {@code scheme://user:password@host/shop}, or one of JDBC. */
    static DatabaseAddress parse(String address) {
        if (address.startsWith(JDBC) && hasDriver(address)) {
            return new DatabaseAddress(address, null, null);
        }
        URI uri = parsed(address);
        if (uri == null
                || uri.getHost() == null
                || uri.getPort() > MAX_PORT
                || !ServerDialect.SCHEME.equals(uri.getScheme())) {
            // Not the address itself: it may have a password.
            throw new StartupRefused("DATABASE_URL is invalid: an address is written like " + ServerDialect.SCHEME
                    + "://user:password@host/shop.");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : '&' + uri.getRawQuery();
        String url = JDBC + ServerDialect.DRIVER + "://" + uri.getHost() + port + uri.getRawPath() + '?'
                + ServerDialect.PARAMETERS + query;
        String[] credentials = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        return new DatabaseAddress(url, decoded(credentials, 0), decoded(credentials, 1));
    }

    private static boolean hasDriver(String address) {
        try {
            DriverManager.getDriver(address);
            return true;
        } catch (SQLException none) {
            return false;
        }
    }

    private static @Nullable URI parsed(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException malformed) {
            // Its message has the address.
            return null;
        }
    }

    private static @Nullable String decoded(String[] parts, int index) {
        // A plus sign is not a space here, unlike in a form.
        return index < parts.length
                ? URLDecoder.decode(parts[index].replace("+", "%2B"), StandardCharsets.UTF_8)
                : null;
    }

    @Override
    public String getJdbcUrl() {
        return url;
    }

    @Override
    public @Nullable String getUsername() {
        return user;
    }

    @Override
    public @Nullable String getPassword() {
        return secret;
    }

    /** Returns the address without its credentials, which must not be logged. */
    @Override
    public String toString() {
        return url;
    }
}
