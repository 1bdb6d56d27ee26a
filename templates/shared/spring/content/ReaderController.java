package com.example.shop.content;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.PublicResponses;
import com.example.shop.chassis.http.TaggedBody;

/** HTTP API of published articles, for everybody. */
@RestController
@RequestMapping("/v1/articles")
class ReaderController {

    private final Library library;
    private final JsonMapper json;

    ReaderController(Library library, JsonMapper json) {
        this.library = library;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<byte[]> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String category,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        if (category != null && !Slugs.isSlug(category)) {
            throw Problem.validation("/category", "must match " + Slugs.SLUG);
        }
        TaggedBody body = library.page(Parameters.search("q", q), category, cursor, Parameters.limit(limit));
        return PublicResponses.of(body, MediaType.APPLICATION_JSON, condition);
    }

    @GetMapping("/feed.atom")
    ResponseEntity<byte[]> feed(
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        return PublicResponses.of(library.feed(), MediaType.APPLICATION_ATOM_XML, condition);
    }

    @GetMapping("/sitemap.xml")
    ResponseEntity<byte[]> sitemap(
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        return PublicResponses.of(library.sitemap(), MediaType.APPLICATION_XML, condition);
    }

    /** An earlier slug redirects to the present one. */
    @GetMapping("/{slug}")
    ResponseEntity<byte[]> read(
            @PathVariable String slug,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        TaggedBody body = library.article(slug);
        String present = json.readTree(body.bytes()).path("slug").asString();
        if (!present.equals(slug)) {
            return ResponseEntity.status(HttpStatus.PERMANENT_REDIRECT)
                    .header(HttpHeaders.CACHE_CONTROL, PublicResponses.CACHING)
                    .location(URI.create("/v1/articles/" + present))
                    .build();
        }
        return PublicResponses.of(body, MediaType.APPLICATION_JSON, condition);
    }
}
