package com.example.shop.chassis.http;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** security.txt (RFC 9116): to whom people report a vulnerability. */
@RestController
class SecurityTxtController {

    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;charset=utf-8");

    @GetMapping("/.well-known/security.txt")
    ResponseEntity<Resource> file() {
        return ResponseEntity.ok().contentType(TEXT).body(new ClassPathResource("security.txt"));
    }
}
