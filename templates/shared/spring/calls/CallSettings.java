package com.example.shop.chassis.calls;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Calls from and to this service.
 *
 * @param service the name of this service
 * @param serviceKey the secret of the key that signs its tokens; empty if it calls nobody
 * @param callers the public keys of the services that may call it: {@code orders=<key>,cart=<key>}
 * @param urls the addresses of the services that it calls, by name
 */
@ConfigurationProperties("shop.calls")
record CallSettings(
        String service,
        @DefaultValue("") String serviceKey,
        @DefaultValue("") String callers,
        @DefaultValue Map<String, String> urls) {}
