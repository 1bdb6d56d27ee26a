package com.example.shop.content;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.audit.AuditReport;
import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.Invariants;

import static com.example.shop.content.Newsroom.ANN;
import static com.example.shop.content.Newsroom.content;
import static org.assertj.core.api.Assertions.assertThat;

/** The audit finds a changed publication, and a slug that changed hands. */
class ContentAuditTest {

    private Newsroom newsroom;
    private UUID chairs;

    @BeforeEach
    void publish() {
        newsroom = new Newsroom();
        chairs = newsroom.published(content("chairs", "größe 🛒"));
    }

    private AuditReport report() {
        AuditSnapshot snapshot = new AuditSnapshot();
        new ContentAudit(newsroom.database.template, newsroom.repository).addTo(snapshot);
        return Invariants.check(snapshot);
    }

    private List<String> violations(String invariant) {
        AuditReport.Finding finding = report().invariants().get(invariant);
        return finding == null ? List.of() : finding.violations();
    }

    private void damage(String sql, Object... values) {
        newsroom.database.template.update(sql, values);
    }

    @Test
    void articlesInAllStatesPassTheAudit() {
        newsroom.publishAgain(chairs, content("seats", "Moved."));
        newsroom.draft(content("waiting", "A draft."));
        AuditReport report = report();
        assertThat(report.ok()).isTrue();
        assertThat(report.counts()).containsAllEntriesOf(Map.of("articles_public", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "body", "slug", "category", "summary"})
    void aPublishedVersionNeverChanges(String column) {
        damage("UPDATE content.article_version SET " + column + " = 'x' WHERE article_id = ?", chairs);
        assertThat(violations("I7"))
                .containsExactly("version 1 of article " + chairs + " has changed since its publication");
    }

    @Test
    void aVersionIsPublicOnlyByAPublication() {
        newsroom.articles.save(ANN, chairs, content("chairs", "Not published."), null);
        damage("UPDATE content.public_article SET version = 2");
        assertThat(violations("I7"))
                .containsExactly("version 2 of article " + chairs + " is public but was never published");
    }

    @Test
    void aSlugAnswersForOneArticle() {
        UUID stools = newsroom.published(content("stools", "About stools."));
        damage("UPDATE content.article_slug SET article_id = ? WHERE slug = 'chairs'", stools);
        assertThat(violations("I6")).containsExactly("the slug chairs of article " + chairs + " belongs to " + stools);
        damage("DELETE FROM content.article_slug WHERE slug = 'chairs'");
        assertThat(violations("I6")).containsExactly("the slug chairs of article " + chairs + " belongs to no article");
    }
}
