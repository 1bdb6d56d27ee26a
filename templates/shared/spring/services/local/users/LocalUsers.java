package com.example.shop.app;

import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.identity.UserDirectory;
import com.example.shop.payments.RegisteredUsers;

/** The accounts of this service. */
@Component
class LocalUsers implements RegisteredUsers {

    private final UserDirectory users;

    LocalUsers(UserDirectory users) {
        this.users = users;
    }

    @Override
    public boolean exists(UUID userId) {
        return users.exists(userId);
    }
}
