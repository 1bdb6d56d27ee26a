/** The chassis: what all contexts stand on. It knows none of them. */
@ApplicationModule(
        type = ApplicationModule.Type.OPEN,
        allowedDependencies = {})
@NullMarked
package com.example.shop.chassis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
