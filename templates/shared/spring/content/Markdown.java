package com.example.shop.content;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * Markdown to HTML that is safe to show.
 *
 * <p>Raw HTML in the Markdown is shown as text. What the renderer writes is sanitized as well, so a fault in one of the
 * two libraries is not enough for a script to reach a reader.
 */
final class Markdown {

    // Two tildes, as the other stack renders it: one is also written for "about".
    private static final List<Extension> EXTENSIONS = List.of(
            TablesExtension.create(),
            StrikethroughExtension.builder().requireTwoTildes(true).build());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();
    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowCommonBlockElements()
            .allowElements("a", "em", "strong", "del", "code", "pre", "br", "hr", "img")
            .allowElements("table", "thead", "tbody", "tr", "th", "td")
            .allowAttributes("href", "title")
            .onElements("a")
            .allowAttributes("src", "alt", "title")
            .onElements("img")
            .allowAttributes("start")
            .onElements("ol")
            .allowAttributes("align")
            .onElements("th", "td")
            .allowUrlProtocols("http", "https", "mailto")
            .requireRelsOnLinks("noopener", "noreferrer")
            .toFactory();

    private Markdown() {}

    /** Returns the Markdown (CommonMark, with tables and strikethrough) as sanitized HTML. */
    static String toHtml(String text) {
        return POLICY.sanitize(RENDERER.render(PARSER.parse(text)));
    }
}
