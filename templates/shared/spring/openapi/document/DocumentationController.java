package com.example.shop.chassis.openapi;

import java.io.IOException;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.security.TokenVerifier;

/** The OpenAPI document, and a page that shows it: Swagger UI from a library, so it needs no network. */
@RestController
class DocumentationController {

    private static final MediaType JAVASCRIPT = MediaType.parseMediaType("text/javascript;charset=utf-8");
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=utf-8");
    private static final Map<String, MediaType> FILES = Map.of(
            "swagger-ui.css",
            MediaType.parseMediaType("text/css;charset=utf-8"),
            "swagger-ui-bundle.js",
            JAVASCRIPT,
            "favicon-32x32.png",
            MediaType.IMAGE_PNG,
            "oauth2-redirect.js",
            JAVASCRIPT);
    private final String document;

    DocumentationController(
            @Value("${spring.application.name}") String title,
            TokenVerifier verifier,
            ShopSettings settings,
            JsonMapper json) {
        this.document = json.writeValueAsString(
                        ApiDocument.read(title, verifier.securityScheme()).json())
                .replace("${currency}", settings.currency());
    }

    @GetMapping("${shop.openapi-path:/openapi.json}")
    ResponseEntity<String> document() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
    }

    @GetMapping("/docs")
    ResponseEntity<Resource> page() {
        return file(new ClassPathResource("docs/index.html"), HTML);
    }

    @GetMapping("/docs/docs.js")
    ResponseEntity<Resource> script() {
        return file(new ClassPathResource("docs/docs.js"), JAVASCRIPT);
    }

    @GetMapping("/docs/oauth2-redirect")
    ResponseEntity<Resource> redirect() throws IOException {
        return file(ofSwagger("oauth2-redirect.html"), HTML);
    }

    @GetMapping("/docs/{file}")
    ResponseEntity<Resource> file(@PathVariable String file) throws IOException {
        MediaType type = FILES.get(file);
        if (type == null) {
            throw Problem.notFound("There is nothing at this path.");
        }
        return file(ofSwagger(file), type);
    }

    private static ResponseEntity<Resource> file(Resource resource, MediaType type) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(type)
                .body(resource);
    }

    /** Returns a file of the library, which has its version in the path. */
    private static Resource ofSwagger(String name) throws IOException {
        Resource[] found = new PathMatchingResourcePatternResolver()
                .getResources("classpath*:META-INF/resources/webjars/swagger-ui/*/" + name);
        if (found.length == 0) {
            throw new IllegalStateException("The library swagger-ui has no " + name + '.');
        }
        return found[0];
    }
}
