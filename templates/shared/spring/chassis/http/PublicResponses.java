package com.example.shop.chassis.http;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;

/** Responses for everybody, which caches may store for a moment. */
public final class PublicResponses {

    /** How long caches may store a response. */
    public static final String CACHING = "public, max-age=2";

    private PublicResponses() {}

    /** Returns the body with a hash as its entity tag, or 304 if {@code If-None-Match} names that. */
    public static ResponseEntity<byte[]> of(byte[] body, MediaType type, @Nullable String condition) {
        return of(body, type, '"' + DigestUtils.md5DigestAsHex(body) + '"', condition);
    }

    /** Returns the body with an entity tag, or 304 if {@code If-None-Match} names that. */
    public static ResponseEntity<byte[]> of(byte[] body, MediaType type, String tag, @Nullable String condition) {
        HttpStatus status = EntityTags.matches(condition, tag) ? HttpStatus.NOT_MODIFIED : HttpStatus.OK;
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(status).eTag(tag).header(HttpHeaders.CACHE_CONTROL, CACHING);
        return status == HttpStatus.OK ? response.contentType(type).body(body) : response.build();
    }
}
