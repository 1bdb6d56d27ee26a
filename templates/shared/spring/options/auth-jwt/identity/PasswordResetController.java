package com.example.shop.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.RateLimits;
import com.example.shop.chassis.http.Text;

/** HTTP API for forgotten passwords. */
@RestController
@RequestMapping("/v1/auth/password-resets")
class PasswordResetController {

    private final PasswordResets resets;
    private final RateLimits limits;
    private final IdentitySettings settings;

    PasswordResetController(PasswordResets resets, RateLimits limits, IdentitySettings settings) {
        this.resets = resets;
        this.limits = limits;
        this.settings = settings;
    }

    record ResetRequest(@NotNull @EmailAddress String email) {}

    record Reset(
            @NotNull String resetToken,
            @NotNull @Text(min = 8, max = 128) String newPassword) {}

    /** The answer does not tell whether there is such an account. */
    @PostMapping("/requests")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void request(@Valid @RequestBody ResetRequest body, HttpServletRequest request) {
        limits.hit("login-address", request.getRemoteAddr(), settings.loginsPerAddress());
        limits.hit("login-email", "reset " + EmailAddresses.normal(body.email), settings.loginsPerEmail());
        resets.request(body.email);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset(@Valid @RequestBody Reset body, HttpServletRequest request) {
        limits.hit("login-address", request.getRemoteAddr(), settings.loginsPerAddress());
        resets.redeem(body.resetToken, body.newPassword);
    }
}
