package com.example.shop.content;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Markdown becomes HTML without anything that runs. */
class MarkdownTest {

    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "<svg/onload=alert(1)>",
                "<iframe src=https://evil.example></iframe>",
                "[a](javascript:alert(1))",
                "[a](JaVaScRiPt:alert(1))",
                "[a](java&#115;cript:alert(1))",
                "[a](java\tscript:alert(1))",
                "[a](vbscript:msgbox(1))",
                "[a](data:text/html;base64,PHNjcmlwdD4=)",
                "[a](file:///etc/passwd)",
                "![a](javascript:alert(1))",
                "![a](https://x.example/\" onerror=\"alert(1))",
                "<javascript:alert(1)>",
                "[a](https://x.example \"\\\" onmouseover=alert(1)\")",
                "[a]: javascript:alert(1)\n\n[a]",
                "```<script>\nalert(1)\n```",
                "<a href=\"https://x.example\" style=\"position:fixed\">a</a>",
                "<!--><script>alert(1)</script>-->",
                "<math><mtext></mtext><script>alert(1)</script></math>"
            })
    void nothingThatRunsReachesReaders(String text) {
        String html = Markdown.toHtml(text);
        assertThat(TAG.matcher(html).results().map(MatchResult::group))
                .noneMatch(tag -> tag.matches("(?i)</?(script|iframe|svg|math|style|object|embed)\\b.*"))
                .noneMatch(tag -> tag.replaceAll("\"[^\"]*\"", "\"\"").matches("(?is).*\\s(on\\w+|style)\\s*=.*"));
        assertThat(ADDRESS.matcher(html).results().map(found -> found.group(1)))
                .allMatch(address -> address.matches("(https?://|mailto:).*"));
    }

    @Test
    void commonMarkdownIsRendered() {
        String html = Markdown.toHtml("# Title\n\n*a* **b** ~~c~~ `d`\n\n- [x](https://x.example)\n\n"
                + "![y](https://y.example/z.jpg)\n\n|a|b|\n|-|-|\n|1|2|");
        assertThat(html)
                .contains("<h1>Title</h1>", "<em>a</em>", "<strong>b</strong>", "<del>c</del>", "<code>d</code>")
                .contains("href=\"https://x.example\"", "<li>", "<img src=\"https://y.example/z.jpg\" alt=\"y\" />")
                .contains("<td>1</td>");
    }

    @Test
    void hostileNestingIsRenderedToo() {
        for (String text : List.of(
                "> ".repeat(20_000),
                "[".repeat(60_000),
                "*a".repeat(20_000),
                "- ".repeat(20_000),
                "`".repeat(40_000),
                "*a ".repeat(10_000) + "a* ".repeat(10_000))) {
            assertThat(Markdown.toHtml(text)).isNotEmpty();
        }
    }
}
