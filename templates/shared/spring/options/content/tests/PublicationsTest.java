package com.example.shop.content;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.http.Problem;

import static com.example.shop.content.Newsroom.ANN;
import static com.example.shop.content.Newsroom.EVE;
import static com.example.shop.content.Newsroom.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Editors publish exactly what was reviewed, and readers see nothing else. */
class PublicationsTest {

    private static final Content CHAIRS = content("chairs", "About *oak* chairs.");
    private Newsroom newsroom;

    @BeforeEach
    void open() {
        newsroom = new Newsroom();
    }

    private String list(String q) {
        return new String(newsroom.library.page(q, null, null, 20).bytes(), StandardCharsets.UTF_8);
    }

    private String read(String slug) {
        return new String(newsroom.library.article(slug).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void onlyAReviewedArticleIsPublished() {
        UUID id = newsroom.draft(CHAIRS);
        assertThatThrownBy(() -> newsroom.publications.publish(EVE, id, null, null))
                .hasMessageContaining("DRAFT");
        newsroom.articles.submit(ANN, id, null);
        assertThatThrownBy(() -> newsroom.publications.publish(ANN, id, null, null))
                .hasMessageContaining("role");
        newsroom.articles.save(ANN, id, content("chairs", "Not reviewed."), null);
        assertThatThrownBy(() -> newsroom.publications.publish(EVE, id, null, null))
                .isInstanceOf(Problem.class);
    }

    @Test
    void readersSeeThePublishedVersionWhileAnotherIsWritten() {
        UUID id = newsroom.published(CHAIRS);
        newsroom.articles.save(ANN, id, content("stools", "A draft."), null);
        assertThat(read("chairs")).contains("<em>oak</em>");
        assertThatThrownBy(() -> read("stools")).isInstanceOf(Problem.class);
        assertThat(list("OAK chairs")).contains("\"slug\":\"chairs\"");
        assertThat(list("draft")).doesNotContain("slug");
    }

    @Test
    void anEarlierSlugLeadsToTheArticleAndIsNeverGivenAway() {
        UUID id = newsroom.published(CHAIRS);
        newsroom.publishAgain(id, content("seats", "Moved."));
        assertThat(read("chairs")).contains("\"slug\":\"seats\"");
        assertThatThrownBy(() -> newsroom.draft(CHAIRS)).hasMessageContaining("slug chairs");
    }

    @Test
    void aSlugThatWasNeverPublicIsFreeAgain() {
        UUID id = newsroom.draft(CHAIRS);
        newsroom.articles.save(ANN, id, content("seats", "Renamed."), null);
        assertThat(newsroom.draft(CHAIRS)).isNotEqualTo(id);
    }

    @Test
    void aScheduledArticleIsPublishedAtItsTime() {
        UUID id = newsroom.draft(CHAIRS);
        newsroom.articles.submit(ANN, id, null);
        newsroom.publications.publish(EVE, id, Clock.now().plus(Duration.ofHours(1)), null);
        newsroom.publications.publishDue();
        assertThat(list("chairs")).doesNotContain("slug");
        newsroom.database.template.update("UPDATE content.article SET publish_at = ?", Clock.now());
        newsroom.publications.publishDue();
        assertThat(newsroom.articles.read(ANN, id).article().state()).isEqualTo(ArticleState.PUBLISHED);
        assertThat(list("chairs")).contains("slug");
    }

    @Test
    void aWithdrawnArticleIsFoundNoLonger() {
        UUID id = newsroom.published(CHAIRS);
        newsroom.publications.withdraw(EVE, id, null);
        assertThatThrownBy(() -> read("chairs")).isInstanceOf(Problem.class);
        assertThat(list("chairs")).doesNotContain("slug");
        assertThatThrownBy(() -> newsroom.publications.withdraw(EVE, id, null)).hasMessageContaining("not public");
    }

    @Test
    void whatReadersSeeIsAnnounced() {
        List<Object> announced = new ArrayList<>();
        newsroom = new Newsroom(newsroom.database, announced::add);
        UUID id = newsroom.published(CHAIRS);
        newsroom.publishAgain(id, content("seats", "Moved."));
        newsroom.publications.withdraw(EVE, id, null);
        assertThat(announced)
                .containsExactly(
                        new ArticlePublished(id, ANN.userId(), 1, "chairs", "About chairs", "A summary.", "furniture"),
                        new ArticlePublished(id, ANN.userId(), 2, "seats", "About seats", "A summary.", "furniture"),
                        new ArticleWithdrawn(id));
    }

    @Test
    void aPublicationThatCannotBeAnnouncedDoesNotHappen() {
        newsroom = new Newsroom(newsroom.database, announced -> {
            throw new IllegalStateException("planted");
        });
        assertThatThrownBy(() -> newsroom.published(CHAIRS)).hasMessage("planted");
        assertThat(list("chairs")).doesNotContain("slug");
    }

    @Test
    void severalProcessesAnnounceAScheduledArticleOnce() throws Exception {
        List<Object> announced = Collections.synchronizedList(new ArrayList<>());
        List<UUID> ids = new ArrayList<>();
        for (String slug : List.of("chairs", "stools", "tables")) {
            UUID id = newsroom.draft(content(slug, "Text."));
            newsroom.articles.submit(ANN, id, null);
            newsroom.publications.publish(EVE, id, Clock.now().plus(Duration.ofHours(1)), null);
            ids.add(id);
        }
        newsroom.database.template.update("UPDATE content.article SET publish_at = ?", Clock.now());
        List<Callable<Void>> processes = Collections.nCopies(3, () -> {
            new Newsroom(newsroom.database, announced::add).publications.publishDue();
            return null;
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (var done : threads.invokeAll(processes)) {
                done.get();
            }
        }
        assertThat(announced)
                .map(event -> ((ArticlePublished) event).articleId())
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aChangeOfAnotherRevisionIsRefused() {
        UUID id = newsroom.draft(CHAIRS);
        newsroom.articles.save(ANN, id, CHAIRS, Set.of(1));
        assertThatThrownBy(() -> newsroom.articles.save(ANN, id, CHAIRS, Set.of(1)))
                .hasMessageContaining("revision 2");
    }

    @Test
    void authorsSeeTheirOwnArticlesOnly() {
        UUID id = newsroom.draft(CHAIRS);
        Member other = new Member(new UUID(7, 3), Role.AUTHOR);
        assertThatThrownBy(() -> newsroom.articles.read(other, id)).hasMessageContaining("no such article");
        assertThat(newsroom.articles.page(other, null, null, 20).items()).isEmpty();
        assertThat(newsroom.articles.page(EVE, ArticleState.DRAFT, null, 20).items())
                .hasSize(1);
    }

    @Test
    void theFeedAndTheSitemapNameTheArticle() {
        newsroom.published(content("chairs", "Text."));
        assertThat(new String(newsroom.library.feed().bytes(), StandardCharsets.UTF_8))
                .contains("<title>About chairs</title>", "href=\"https://shop.example.com/articles/chairs\"");
        assertThat(new String(newsroom.library.sitemap().bytes(), StandardCharsets.UTF_8))
                .contains("<loc>https://shop.example.com/articles/chairs</loc>");
    }
}
