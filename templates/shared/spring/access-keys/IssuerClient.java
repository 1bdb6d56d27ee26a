package com.example.shop.chassis.security;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Reads what the issuer of tokens publishes, within a limit of time and of size.
 *
 * <p>The time includes the whole response: Nimbus's own client limits each read, which an issuer that answers in small
 * pieces never exceeds, and meanwhile all requests with an unknown key wait.
 */
class IssuerClient implements ResourceRetriever {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1024 * 1024;
    private final ClientHttpRequestFactory requests;

    IssuerClient() {
        this(TIMEOUT);
    }

    IssuerClient(Duration timeout) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
        factory.setReadTimeout(timeout);
        this.requests = factory;
    }

    @Override
    public Resource retrieveResource(URL address) throws IOException {
        try (ClientHttpResponse response = requests.createRequest(URI.create(address.toString()), HttpMethod.GET)
                .execute()) {
            if (!response.getStatusCode().is2xxSuccessful()) {
                throw new IOException(address + " answered " + response.getStatusCode());
            }
            byte[] content = response.getBody().readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new IOException(address + " answered more than " + MAX_BYTES + " bytes");
            }
            return new Resource(new String(content, StandardCharsets.UTF_8), null);
        }
    }
}
