/** Authentication and authorization of callers. */
@NullMarked
package com.example.shop.chassis.security;

import org.jspecify.annotations.NullMarked;
