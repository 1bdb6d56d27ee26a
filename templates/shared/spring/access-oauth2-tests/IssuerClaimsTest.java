package com.example.shop.chassis.security;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IssuerClaimsTest {

    private static final String ISSUER = "https://login.example.com";

    @Test
    void anIssuersOwnUuidIsTheIdOfTheUser() {
        UUID own = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        assertThat(IssuerClaims.userId(ISSUER, own.toString())).isEqualTo(own);
    }

    @Test
    void aNameGetsAlwaysTheSameId() {
        assertThat(IssuerClaims.userId(ISSUER, "alice")).hasToString("076a732f-20b6-50b5-ac5e-b4d6b725bbca");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "00000000-0000-0000-0000-000000000001",
                "01890A5D-AC96-774B-BCCE-B302099A8057",
            })
    void anyOtherSubjectGetsAnIdOfItsOwnIssuer(String subject) {
        UUID id = IssuerClaims.userId(ISSUER, subject);
        assertThat(id).isNotEqualTo(IssuerClaims.userId("https://other.example.com", subject));
        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void rolesOfKeycloakAndScopesMakeAnAdministrator() {
        List<Map<String, Object>> granting = List.of(
                Map.of("realm_access", Map.of("roles", List.of("admin"))),
                Map.of("resource_access", Map.of("shop", Map.of("roles", List.of("admin")))),
                Map.of("roles", List.of("admin")),
                Map.of("scope", "openid admin"));
        for (Map<String, Object> claims : granting) {
            assertThat(caller(claims).roles()).contains(Caller.ADMIN);
        }
        List<Map<String, Object>> others = List.of(
                Map.of("resource_access", Map.of("other", Map.of("roles", List.of("admin")))),
                Map.of("roles", "admin"),
                Map.of("scope", "administration"));
        for (Map<String, Object> claims : others) {
            assertThat(caller(claims).roles()).containsExactly(Caller.CUSTOMER);
        }
    }

    @Test
    void anEmailAddressCountsOnlyIfTheIssuerHasVerifiedIt() {
        assertThat(caller(Map.of("email", "a@example.com")).email()).isNull();
        assertThat(caller(Map.of("email", "a@example.com", "email_verified", true))
                        .email())
                .isEqualTo("a@example.com");
    }

    @Test
    void tokensForOtherUsesAreRefused() {
        for (Map<String, Object> claims : List.<Map<String, Object>>of(
                Map.of("typ", "ID"), Map.of("typ", "DPoP"), Map.of("cnf", Map.of("jkt", "x")), Map.of("sub", ""))) {
            assertThatThrownBy(() -> IssuerClaims.checkUse(token(claims), Set.of()))
                    .isInstanceOf(BadJwtException.class);
        }
        IssuerClaims.checkUse(token(Map.of("typ", "Bearer", "azp", "web")), Set.of("web"));
        assertThatThrownBy(() -> IssuerClaims.checkUse(token(Map.of()), Set.of("web")))
                .isInstanceOf(BadJwtException.class);
    }

    private static Caller caller(Map<String, Object> claims) {
        return IssuerClaims.caller(token(claims), ISSUER, "shop", "admin");
    }

    private static Jwt token(Map<String, Object> claims) {
        return Jwt.withTokenValue("x")
                .header("alg", "ES256")
                .subject("alice")
                .claims(all -> all.putAll(claims))
                .build();
    }
}
