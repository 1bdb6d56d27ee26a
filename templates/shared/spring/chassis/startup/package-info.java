/** Commands of the program, and what happens before it serves requests. */
@NullMarked
package com.example.shop.chassis.startup;

import org.jspecify.annotations.NullMarked;
