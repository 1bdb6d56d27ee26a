/** Cache-aside, with an in-process tier before a shared store. */
@NullMarked
package com.example.shop.chassis.cache;

import org.jspecify.annotations.NullMarked;
