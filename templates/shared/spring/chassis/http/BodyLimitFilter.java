package com.example.shop.chassis.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses request bodies larger than 64 KiB, whether their size is announced or not. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class BodyLimitFilter extends OncePerRequestFilter {

    private static final int LIMIT = 64 * 1024;
    private final ProblemWriter problems;

    BodyLimitFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    /** The body has turned out to be too large while it was read. */
    static class TooLarge extends IOException {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > LIMIT) {
            problems.write(response, Problem.tooLarge());
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            try {
                chain.doFilter(new LimitedRequest(request), response);
            } catch (TooLarge read) {
                // By another filter; what a controller reads is answered there.
                problems.write(response, Problem.tooLarge());
            }
        } else {
            chain.doFilter(request, response);
        }
    }

    private static class LimitedRequest extends HttpServletRequestWrapper {
        private @Nullable ServletInputStream stream;

        LimitedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (stream == null) {
                stream = new LimitedStream(super.getInputStream());
            }
            return stream;
        }
    }

    private static class LimitedStream extends ServletInputStream {
        private final ServletInputStream source;
        private int seen;

        LimitedStream(ServletInputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            int next = source.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            int read = source.read(bytes, start, length);
            count(read);
            return read;
        }

        private void count(int read) throws TooLarge {
            seen += Math.max(read, 0);
            if (seen > LIMIT) {
                throw new TooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
