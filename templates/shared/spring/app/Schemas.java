package com.example.shop.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The schemas of the database: each folder of migrations is that of a context. */
public final class Schemas {

    private Schemas() {}

    /** Returns the names of all schemas. */
    public static List<String> all() {
        try {
            List<String> names = new ArrayList<>();
            for (Resource first : new PathMatchingResourcePatternResolver().getResources("classpath*:db/*/V1__*.sql")) {
                String[] path = first.getURL().getPath().split("/", -1);
                names.add(path[path.length - 2]);
            }
            return names;
        } catch (IOException failure) {
            throw new IllegalStateException("The migrations cannot be read.", failure);
        }
    }
}
