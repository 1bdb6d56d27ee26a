package com.example.shop.notebook;

import java.util.UUID;

/** A user's text, under an id that the user chose. */
record Note(UUID id, String text) {}
