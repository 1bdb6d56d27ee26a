package com.example.shop.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.LinkedHashMap;
import java.util.Map;

/** A response of the issuer. */
record Response(int status, String body, Map<String, String> headers) {

    /** Returns a JSON document. */
    static Response json(int status, Map<String, Object> body) {
        return new Response(status, JSONObjectUtils.toJSONString(body), Map.of("Content-Type", "application/json"));
    }

    /** Returns an error (RFC 6749, section 5.2). */
    static Response error(int status, String code, String description) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", code);
        body.put("error_description", description);
        return json(status, body);
    }

    /** Returns a redirect. */
    static Response redirect(String address) {
        return new Response(303, "", Map.of("Location", address, "Referrer-Policy", "no-referrer"));
    }
}
