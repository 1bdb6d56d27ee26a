package com.example.shop.dev;

import java.util.Map;

/** A server for all services, which runs before them. */
interface CommonVariables {

    /** Returns the variables with which services find it. */
    Map<String, String> variables();
}
