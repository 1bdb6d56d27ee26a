package com.example.shop.app;

import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.payments.RegisteredUsers;

/** The accounts in another service. */
@Component
class IdentityClient implements RegisteredUsers {

    private final ServiceClient identity;

    IdentityClient(ServiceClients clients) {
        this.identity = clients.to("identity");
    }

    /** Whether a user exists. */
    record UserStatus(boolean exists) {}

    @Override
    public boolean exists(UUID userId) {
        return identity.get("/internal/users/" + userId, UserStatus.class).exists;
    }
}
