/** Runs the whole shop on one machine, for development and tests. No image has it. */
@NullMarked
package com.example.shop.dev;

import org.jspecify.annotations.NullMarked;
