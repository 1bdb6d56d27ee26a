package com.example.shop.chassis.http;

import org.springframework.util.DigestUtils;

/** The body of a response for everybody, and its entity tag. Both are made once, however often it is sent. */
public final class TaggedBody {

    private final byte[] bytes;
    private final String tag;

    public TaggedBody(byte[] bytes, String tag) {
        this.bytes = bytes;
        this.tag = tag;
    }

    /** Returns the body with a hash as its entity tag. */
    public static TaggedBody hashed(byte[] bytes) {
        return new TaggedBody(bytes, '"' + DigestUtils.md5DigestAsHex(bytes) + '"');
    }

    /** Returns the bytes, which must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the entity tag. */
    public String tag() {
        return tag;
    }
}
