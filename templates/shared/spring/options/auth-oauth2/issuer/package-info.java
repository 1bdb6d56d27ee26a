/** An OpenID Connect issuer for development and tests. No image has it. */
@NullMarked
package com.example.shop.issuer;

import org.jspecify.annotations.NullMarked;
