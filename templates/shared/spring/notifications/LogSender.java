package com.example.shop.notifications;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes messages to the log instead of sending them, for development. */
@Component
class LogSender implements Sender {

    private static final Logger log = LoggerFactory.getLogger(LogSender.class);

    @Override
    public void send(Message message) {
        log.info("Message to user {}: {}", message.userId(), message.text());
    }
}
