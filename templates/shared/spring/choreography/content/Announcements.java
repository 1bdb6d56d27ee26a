package com.example.shop.app;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.content.ArticlePublished;
import com.example.shop.content.ArticleWithdrawn;

/**
 * Announces what becomes public: an event in the outbox, in the transaction of the change.
 *
 * <p>The key is the article, so the events of one article keep their order.
 */
@Component
class Announcements {

    private final Outbox outbox;

    Announcements(Outbox contentOutbox) {
        this.outbox = contentOutbox;
    }

    @EventListener
    void publish(ArticlePublished published) {
        outbox.append("ArticlePublished", published.articleId().toString(), published);
    }

    @EventListener
    void withdraw(ArticleWithdrawn withdrawn) {
        outbox.append("ArticleWithdrawn", withdrawn.articleId().toString(), withdrawn);
    }
}
