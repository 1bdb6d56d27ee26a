/** Calls between services: clients with limits, and the tokens that identify the caller. */
@NullMarked
package com.example.shop.chassis.calls;

import org.jspecify.annotations.NullMarked;
