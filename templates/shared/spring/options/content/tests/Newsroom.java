package com.example.shop.content;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.http.TaggedBody;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/** An author, an editor and their readers, with an embedded database and without a cache. */
final class Newsroom {

    static final Member ANN = new Member(new UUID(7, 1), Role.AUTHOR);
    static final Member EVE = new Member(new UUID(7, 2), Role.EDITOR);
    final TestDatabase database;
    final ArticleRepository repository;
    final Articles articles;
    final Publications publications;
    final Library library;

    Newsroom() {
        this(new TestDatabase("content"), announced -> {});
    }

    /** One of several processes on the same database. */
    Newsroom(TestDatabase database, ApplicationEventPublisher listeners) {
        this.database = database;
        repository = new ArticleRepository(database.client, JsonMapper.shared());
        articles = new Articles(database.client, database.transactions, repository);
        ResponseCache none = mock(ResponseCache.class);
        when(none.fetch(any(), any(), any())).thenAnswer(call -> {
            byte[] body = call.<Supplier<byte[]>>getArgument(2).get();
            return body == null ? null : TaggedBody.hashed(body);
        });
        publications = new Publications(
                database.client, database.transactions, repository, new WordIndex(database.template), none, listeners);
        library = new Library(
                database.client, repository, none, JsonMapper.shared(), "shop", "https://shop.example.com/articles/");
    }

    static Content content(String slug, String body) {
        List<Media> media = List.of(new Media("https://media.example.com/a.jpg", "A picture"));
        return new Content(slug, "About " + slug, "A summary.", body, "furniture", media);
    }

    UUID draft(Content content) {
        return articles.create(ANN, content).article().id();
    }

    UUID published(Content content) {
        UUID id = draft(content);
        show(id);
        return id;
    }

    void publishAgain(UUID id, Content content) {
        articles.save(ANN, id, content, null);
        show(id);
    }

    private void show(UUID id) {
        articles.submit(ANN, id, null);
        publications.publish(EVE, id, null, null);
    }
}
