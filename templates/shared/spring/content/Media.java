package com.example.shop.content;

/** A reference to an image, a video or a sound, and the text that stands for it. */
record Media(String url, String alt) {}
