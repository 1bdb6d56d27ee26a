package com.example.shop.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.startup.StartupStep;

/** Creates or updates the administrator, if the settings name an email address and a password. */
@Component
class Administrator implements StartupStep {

    private static final Logger log = LoggerFactory.getLogger(Administrator.class);
    private final Users users;
    private final IdentitySettings settings;

    Administrator(Users users, IdentitySettings settings) {
        this.users = users;
        this.settings = settings;
    }

    @Override
    public String subject() {
        return "administrator";
    }

    @Override
    public void run() {
        if (settings.adminEmail().isEmpty() || settings.adminPassword().isEmpty()) {
            return;
        }
        try {
            users.ensureAdministrator(settings.adminEmail(), settings.adminPassword());
        } catch (Problem taken) {
            log.info("Another process has just created the administrator.");
        }
    }
}
