package com.example.shop.analytics;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Problem;

/** Dashboard page: static files that fetch the figures with the administrator's token. */
@RestController
class AnalyticsPageController {

    // Only resources from this origin; no inline scripts or styles.
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @GetMapping("/analytics")
    ResponseEntity<Resource> page() {
        return file("index.html");
    }

    @GetMapping("/analytics/{file}")
    ResponseEntity<Resource> file(@PathVariable String file) {
        Resource found = new ClassPathResource("analytics/" + file);
        if (!found.isReadable()) {
            throw Problem.notFound("There is nothing at this path.");
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .header("Content-Security-Policy", POLICY)
                .contentType(MediaTypeFactory.getMediaType(found).orElse(MediaType.APPLICATION_OCTET_STREAM))
                .body(found);
    }
}
