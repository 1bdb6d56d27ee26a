package com.example.shop.chassis.http;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Responses for everybody, which caches may store for a moment. */
public final class PublicResponses {

    /** How long caches may store a response. */
    public static final String CACHING = "public, max-age=2";

    private PublicResponses() {}

    /** Returns the body with its entity tag, or 304 if {@code If-None-Match} names that. */
    public static ResponseEntity<byte[]> of(TaggedBody body, MediaType type, @Nullable String condition) {
        HttpStatus status = EntityTags.matches(condition, body.tag()) ? HttpStatus.NOT_MODIFIED : HttpStatus.OK;
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(status).eTag(body.tag()).header(HttpHeaders.CACHE_CONTROL, CACHING);
        return status == HttpStatus.OK ? response.contentType(type).body(body.bytes()) : response.build();
    }
}
