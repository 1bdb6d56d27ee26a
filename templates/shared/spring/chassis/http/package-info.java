/** HTTP: requests that the shop answers, and their errors. */
@NullMarked
package com.example.shop.chassis.http;

import org.jspecify.annotations.NullMarked;
