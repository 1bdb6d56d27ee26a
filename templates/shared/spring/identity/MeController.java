package com.example.shop.identity;

import org.springframework.context.annotation.Bean;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** Shows callers their own identity. */
@RestController
class MeController {

    @Bean
    static AccessRules meRules() {
        return requests -> requests.requestMatchers("/v1/me").authenticated();
    }

    @GetMapping("/v1/me")
    User me(@AuthenticationPrincipal Caller caller) {
        return new User(
                caller.id(), caller.email(), caller.roles().stream().sorted().toList());
    }
}
