package com.example.shop.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Set;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSenderImpl;

import com.example.shop.chassis.startup.StartupRefused;

/** Sends each message on a new connection, which is encrypted unless the server is on this machine. */
class SmtpMail implements Mail {

    // RFC 8314: smtps starts with TLS, smtp changes to it by the command STARTTLS.
    private static final String SMTP = "smtp";
    private static final String SMTPS = "smtps";
    private static final int SMTP_PORT = 587;
    private static final int SMTPS_PORT = 465;
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String TIMEOUT_MILLIS = "10000";
    private static final String TEXT = """
            Somebody asked to reset the password of your account. To set a new password, use this token within 30 minutes:

            %s

            If it was not you, ignore this message. Your password stays as it is.
            """;
    private final JavaMailSenderImpl server = new JavaMailSenderImpl();
    private final String sender;

    /** The URL is {@code smtp://user:password@host:port} or {@code smtps://...}; user and port are optional. */
    SmtpMail(String url, String sender) {
        URI uri = parsed(url);
        if (sender.isEmpty()) {
            throw new StartupRefused("Mail needs a sender. Set MAIL_FROM, too.");
        }
        this.sender = sender;
        int defaultPort = SMTPS.equals(uri.getScheme()) ? SMTPS_PORT : SMTP_PORT;
        server.setProtocol(uri.getScheme());
        server.setHost(uri.getHost());
        server.setPort(uri.getPort() < 0 ? defaultPort : uri.getPort());
        server.setJavaMailProperties(properties(uri));
        if (uri.getRawUserInfo() != null) {
            String[] credentials = uri.getRawUserInfo().split(":", 2);
            server.setUsername(decoded(credentials[0]));
            server.setPassword(credentials.length < 2 ? "" : decoded(credentials[1]));
        }
    }

    @Override
    public void sendReset(String email, String token) {
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom(sender);
        message.setTo(email);
        message.setSubject("Reset your password");
        message.setText(TEXT.formatted(token));
        server.send(message);
    }

    private static URI parsed(String url) {
        try {
            URI uri = new URI(url);
            if ((SMTP.equals(uri.getScheme()) || SMTPS.equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Neither this exception nor the address may be shown: both may have a password.
        }
        throw new StartupRefused("SMTP_URL is invalid: a mail server is written like smtp://user:password@host:587.");
    }

    private static Properties properties(URI uri) {
        String prefix = "mail." + uri.getScheme() + '.';
        Properties properties = new Properties();
        properties.setProperty(prefix + "connectiontimeout", TIMEOUT_MILLIS);
        properties.setProperty(prefix + "timeout", TIMEOUT_MILLIS);
        properties.setProperty(prefix + "writetimeout", TIMEOUT_MILLIS);
        properties.setProperty(prefix + "auth", Boolean.toString(uri.getRawUserInfo() != null));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        // A server that does not offer it is refused: a token is never sent in the clear.
        String encrypted = Boolean.toString(SMTP.equals(uri.getScheme()) && !LOCAL.contains(uri.getHost()));
        properties.setProperty(prefix + "starttls.enable", encrypted);
        properties.setProperty(prefix + "starttls.required", encrypted);
        return properties;
    }

    private static String decoded(String text) {
        // A plus sign is not a space here, unlike in a form.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
