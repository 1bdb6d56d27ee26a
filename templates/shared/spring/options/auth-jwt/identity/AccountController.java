package com.example.shop.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.RateLimits;
import com.example.shop.chassis.http.Text;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the shop's own accounts. */
@RestController
@RequestMapping("/v1/auth")
class AccountController {

    private final Users users;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final RateLimits limits;
    private final IdentitySettings settings;

    AccountController(
            Users users, Sessions sessions, AccessTokens accessTokens, RateLimits limits, IdentitySettings settings) {
        this.users = users;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.limits = limits;
        this.settings = settings;
    }

    @Bean
    static AccessRules accountRules() {
        return requests -> requests.requestMatchers("/v1/auth/password")
                .authenticated()
                .requestMatchers("/v1/auth/administrators/*")
                .hasRole(Caller.ADMIN);
    }

    record Registration(
            @NotNull @EmailAddress String email,
            @NotNull @Text(min = 8, max = 128) String password) {}

    record Credentials(
            @NotNull @EmailAddress String email,
            @NotNull @Text(max = 128) String password) {}

    record PasswordChange(
            @NotNull @Text(max = 128) String currentPassword,
            @NotNull @Text(min = 8, max = 128) String newPassword) {}

    record Refresh(@NotNull String refreshToken) {}

    /** An access token, valid for {@code expiresIn} seconds, and the refresh token for the next one. */
    record Tokens(String accessToken, String tokenType, long expiresIn, String refreshToken) {}

    @PostMapping("/register")
    @ResponseStatus(HttpStatus.CREATED)
    User register(@Valid @RequestBody Registration body, HttpServletRequest request) {
        limits.hit("register-address", request.getRemoteAddr(), settings.registrationsPerAddress());
        return users.register(body.email, body.password, List.of(Caller.CUSTOMER));
    }

    @PostMapping("/login")
    Tokens login(@Valid @RequestBody Credentials body, HttpServletRequest request) {
        limits.hit("login-address", request.getRemoteAddr(), settings.loginsPerAddress());
        // Per address too, so that wrong guesses from elsewhere do not lock the owner out.
        String email = EmailAddresses.normal(body.email);
        limits.hit("login-email", request.getRemoteAddr() + ' ' + email, settings.loginsPerEmail());
        Users.Account verified = users.authenticate(body.email, body.password);
        return tokens(verified.user(), sessions.open(verified));
    }

    @PostMapping("/refresh")
    Tokens refresh(@Valid @RequestBody Refresh body) {
        Sessions.Refreshed refreshed = sessions.rotate(body.refreshToken);
        return tokens(refreshed.user(), refreshed.refreshToken());
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@Valid @RequestBody Refresh body) {
        sessions.end(body.refreshToken);
    }

    @PostMapping("/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void changePassword(
            @AuthenticationPrincipal Caller caller,
            @Valid @RequestBody PasswordChange body,
            HttpServletRequest request) {
        limits.hit("login-email", request.getRemoteAddr() + ' ' + caller.id(), settings.loginsPerEmail());
        users.changePassword(caller.id(), body.currentPassword, body.newPassword);
    }

    @PutMapping("/administrators/{user_id}")
    User addAdministrator(@AuthenticationPrincipal Caller caller, @PathVariable("user_id") String userId) {
        return users.setAdministrator(caller.id(), Parameters.id(userId), true);
    }

    @DeleteMapping("/administrators/{user_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeAdministrator(@AuthenticationPrincipal Caller caller, @PathVariable("user_id") String userId) {
        UUID id = Parameters.id(userId);
        if (id.equals(caller.id())) {
            // The caller stays, so there is always an administrator.
            throw Problem.conflict("own-role", "Administrators cannot remove themselves.");
        }
        users.setAdministrator(caller.id(), id, false);
    }

    private Tokens tokens(User user, String refreshToken) {
        return new Tokens(accessTokens.issue(user), "Bearer", AccessTokens.LIFETIME.toSeconds(), refreshToken);
    }
}
