package com.example.shop.app;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.identity.UserDirectory;

/** Internal API of identity, for other services. */
@RestController
class UserStatusController {

    private final UserDirectory users;

    UserStatusController(UserDirectory users) {
        this.users = users;
    }

    /** Whether there is an account with an id. */
    record UserStatus(boolean exists) {}

    @GetMapping("/internal/users/{userId}")
    UserStatus read(@PathVariable String userId) {
        return new UserStatus(users.exists(Parameters.id(userId)));
    }
}
