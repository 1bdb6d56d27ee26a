/** The composition root: the only place where contexts meet. */
@NullMarked
package com.example.shop.app;

import org.jspecify.annotations.NullMarked;
