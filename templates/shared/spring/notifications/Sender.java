package com.example.shop.notifications;

/** Delivers messages to users. */
interface Sender {

    /** Sends the message; throws an exception if that fails, and the message will be retried. */
    void send(Message message);
}
