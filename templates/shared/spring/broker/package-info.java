/** A broker for development and tests. No image has it. */
@NullMarked
package com.example.shop.broker;

import org.jspecify.annotations.NullMarked;
