/**
 * Notes that each user keeps.
 *
 * <p>The note is a placeholder that shows the path of a request: through a transaction to a table and back. Replace it
 * with the context's own model. Declare what that needs from other contexts as interfaces in this package.
 */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.notebook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
