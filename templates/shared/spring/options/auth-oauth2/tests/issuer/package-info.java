/** An OpenID Connect issuer for development and tests. It stands among the tests, so no jar and no image has it. */
@NullMarked
package com.example.shop.issuer;

import org.jspecify.annotations.NullMarked;
