/** Content: articles that authors write, editors publish, and everybody reads. */
@ApplicationModule(allowedDependencies = {"chassis", "audit"})
@NullMarked
package com.example.shop.content;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
