/** The description of the HTTP API (OpenAPI), and the page that shows it. */
@NullMarked
package com.example.shop.chassis.openapi;

import org.jspecify.annotations.NullMarked;
