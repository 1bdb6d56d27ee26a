package com.example.shop.content;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.EntityTags;
import com.example.shop.chassis.http.Omittable;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.Text;
import com.example.shop.chassis.security.Caller;

/** HTTP API of writing and publishing articles, for authors and editors. */
@RestController
@RequestMapping("/v1/content/articles")
class ArticleController {

    // Not every character may be in a feed (XML 1.0, section 2.2).
    private static final String LINE = "[^\\x00-\\x1f\\x7f\\ufffe\\uffff]*";
    private static final String URL = "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?";
    // The time to compare two versions grows faster than their lines.
    private static final int MOST_LINES = 4000;
    private static final int LAST_YEAR = 9999;
    private final Articles articles;
    private final Publications publications;
    private final Staff staff;

    ArticleController(Articles articles, Publications publications, Staff staff) {
        this.articles = articles;
        this.publications = publications;
        this.staff = staff;
    }

    /** A reference to an image, a video or a sound, and the text that stands for it. */
    record MediaReference(
            @NotNull @Size(max = 1000) @Pattern(regexp = URL)
            String url,

            @NotNull @Text(max = 1000) @Pattern(regexp = LINE)
            String alt) {}

    /** What an article says. The body is Markdown, of 4,000 lines at most; the slug is its name in addresses. */
    record ArticleContent(
            @NotNull @Size(max = Slugs.LONGEST) @Pattern(regexp = Slugs.SLUG)
            String slug,

            @NotNull @Text(min = 1, max = 200) @Pattern(regexp = LINE)
            String title,

            @NotNull @Text(max = 1000) @Pattern(regexp = LINE)
            String summary,

            @NotNull @Text(max = 60_000) String body,

            @NotNull @Size(max = Slugs.LONGEST) @Pattern(regexp = Slugs.SLUG)
            String category,

            @Omittable @Nullable @Size(max = 20) List<@NotNull @Valid MediaReference> media) {

        private Content content() {
            if (body.chars().filter(each -> each == '\n').count() >= MOST_LINES) {
                throw Problem.validation("/body", "must have at most " + MOST_LINES + " lines");
            }
            List<Media> references = media == null
                    ? List.of()
                    : media.stream().map(each -> new Media(each.url, each.alt)).toList();
            return new Content(slug, title, summary, body, category, references);
        }
    }

    /** When an article is published; without a time, at once. */
    record PublicationTime(@Nullable String at) {}

    @GetMapping
    Page<Articles.ListedArticle> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        ArticleState chosen = Parameters.constant("state", ArticleState.class, state);
        return articles.page(staff.member(caller), chosen, cursor, Parameters.limit(limit));
    }

    @PostMapping
    ResponseEntity<Draft> create(@AuthenticationPrincipal Caller caller, @Valid @RequestBody ArticleContent body) {
        Draft draft = articles.create(staff.member(caller), body.content());
        return ResponseEntity.created(
                        URI.create("/v1/content/articles/" + draft.article().id()))
                .eTag(EntityTags.of(draft.article().revision()))
                .body(draft);
    }

    @GetMapping("/{article_id}")
    ResponseEntity<Draft> read(@AuthenticationPrincipal Caller caller, @PathVariable("article_id") String id) {
        return tagged(articles.read(staff.member(caller), Parameters.id(id)));
    }

    /** The article is a draft then. */
    @PutMapping("/{article_id}")
    ResponseEntity<Draft> save(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @Valid @RequestBody ArticleContent body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        return tagged(
                articles.save(staff.member(caller), Parameters.id(id), body.content(), EntityTags.versions(condition)));
    }

    @PostMapping("/{article_id}/submit")
    ResponseEntity<Draft> submit(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        return tagged(articles.submit(staff.member(caller), Parameters.id(id), EntityTags.versions(condition)));
    }

    @PostMapping("/{article_id}/send-back")
    ResponseEntity<Draft> sendBack(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        return tagged(publications.sendBack(staff.member(caller), Parameters.id(id), EntityTags.versions(condition)));
    }

    @PostMapping("/{article_id}/publish")
    ResponseEntity<Draft> publish(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @Valid @RequestBody PublicationTime body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        LocalDateTime time = time(body.at);
        return tagged(
                publications.publish(staff.member(caller), Parameters.id(id), time, EntityTags.versions(condition)));
    }

    @PostMapping("/{article_id}/withdraw")
    ResponseEntity<Draft> withdraw(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        return tagged(publications.withdraw(staff.member(caller), Parameters.id(id), EntityTags.versions(condition)));
    }

    @GetMapping("/{article_id}/versions")
    Page<Articles.ListedVersion> versions(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        return articles.versions(staff.member(caller), Parameters.id(id), cursor, Parameters.limit(limit));
    }

    @GetMapping("/{article_id}/versions/{number}")
    Version version(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @PathVariable String number) {
        return articles.version(staff.member(caller), Parameters.id(id), Parameters.number(number));
    }

    @GetMapping("/{article_id}/versions/{number}/diff")
    Articles.Difference diff(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @PathVariable String number,
            @RequestParam(required = false) @Nullable String against) {
        int after = Parameters.number(number);
        return articles.difference(
                staff.member(caller), Parameters.id(id), Parameters.number("against", against), after);
    }

    @PostMapping("/{article_id}/versions/{number}/restore")
    ResponseEntity<Draft> restore(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("article_id") String id,
            @PathVariable String number,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        return tagged(articles.restore(
                staff.member(caller), Parameters.id(id), Parameters.number(number), EntityTags.versions(condition)));
    }

    private static ResponseEntity<Draft> tagged(Draft draft) {
        return ResponseEntity.ok()
                .eTag(EntityTags.of(draft.article().revision()))
                .body(draft);
    }

    private static @Nullable LocalDateTime time(@Nullable String given) {
        Instant moment = Parameters.time("at", given);
        if (moment == null) {
            return null;
        }
        LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        // Databases and JSON know no other years.
        if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
            throw Problem.validation("/at", "In UTC, this time is outside of the calendar.");
        }
        return time.truncatedTo(ChronoUnit.MICROS);
    }
}
