package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

import com.example.shop.audit.Facts;
import com.example.shop.audit.NotificationsFacts;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;

/** The snapshot of notifications in another service. For tests and development only. */
@Component
@ConditionalOnBooleanProperty("shop.audit-enabled")
class NotificationsFactsClient implements RemoteSource {

    private final ServiceClient notifications;

    NotificationsFactsClient(ServiceClients clients) {
        this.notifications = clients.to("notifications", LIMITS);
    }

    @Override
    public Facts read() {
        return notifications.get("/internal/facts/notifications", NotificationsFacts.class);
    }
}
