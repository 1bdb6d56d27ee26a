/** The data of the events that contexts exchange. They read the fields that they need, so publishers may add others. */
@NullMarked
package com.example.shop.choreography;

import org.jspecify.annotations.NullMarked;
