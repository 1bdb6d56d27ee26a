package com.example.shop.content;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The feed of new articles (Atom, RFC 4287) and the sitemap (sitemaps.org, version 0.9). */
final class Feeds {

    private static final String ATOM_NAMESPACE = "http://www.w3.org/2005/Atom";
    private static final String SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private Feeds() {}

    /** A published article in the feed. */
    record Entry(UUID articleId, Teaser article) {}

    /** The address of an article, and when it was last updated. */
    record Page(String slug, LocalDateTime updatedAt) {}

    /** Writes the content of an element. */
    private interface Body {
        void write(XMLStreamWriter xml) throws XMLStreamException;
    }

    /** Returns the feed of the articles at the address, the last updated first. */
    static byte[] atom(String title, String url, List<Entry> entries) {
        // An empty feed needs a time, too, which must not change with each read.
        String updated = entries.isEmpty()
                ? Instant.EPOCH.toString()
                : time(entries.getFirst().article().updatedAt());
        return document("feed", ATOM_NAMESPACE, xml -> {
            text(xml, "id", url + "/feed.atom");
            text(xml, "title", title);
            link(xml, "self", url + "/feed.atom");
            text(xml, "updated", updated);
            element(xml, "author", author -> text(author, "name", title));
            for (Entry each : entries) {
                element(xml, "entry", entry -> write(entry, url, each));
            }
        });
    }

    private static void write(XMLStreamWriter xml, String url, Entry entry) throws XMLStreamException {
        Teaser article = entry.article;
        text(xml, "id", "urn:uuid:" + entry.articleId);
        text(xml, "title", article.title());
        link(xml, "alternate", url + '/' + article.slug());
        text(xml, "published", time(article.publishedAt()));
        text(xml, "updated", time(article.updatedAt()));
        xml.writeEmptyElement("category");
        xml.writeAttribute("term", article.category());
        text(xml, "summary", article.summary());
    }

    /** Returns the sitemap of the articles at the address. */
    static byte[] sitemap(String url, List<Page> pages) {
        return document("urlset", SITEMAP_NAMESPACE, xml -> {
            for (Page each : pages) {
                element(xml, "url", page -> {
                    text(page, "loc", url + '/' + each.slug);
                    text(page, "lastmod", time(each.updatedAt));
                });
            }
        });
    }

    private static byte[] document(String root, String namespace, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            String encoding = StandardCharsets.UTF_8.name();
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, encoding);
            xml.writeStartDocument(encoding, "1.0");
            xml.writeStartElement(root);
            xml.writeDefaultNamespace(namespace);
            body.write(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void element(XMLStreamWriter xml, String name, Body body) throws XMLStreamException {
        xml.writeStartElement(name);
        body.write(xml);
        xml.writeEndElement();
    }

    private static void text(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        element(xml, name, parent -> parent.writeCharacters(text));
    }

    private static void link(XMLStreamWriter xml, String relation, String url) throws XMLStreamException {
        xml.writeEmptyElement("link");
        xml.writeAttribute("rel", relation);
        xml.writeAttribute("href", url);
    }

    private static String time(LocalDateTime time) {
        return time.toInstant(ZoneOffset.UTC).toString();
    }
}
