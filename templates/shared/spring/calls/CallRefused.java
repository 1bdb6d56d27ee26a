package com.example.shop.chassis.calls;

/** The other service refused the call (4xx) and changed nothing. */
public class CallRefused extends RuntimeException {

    CallRefused(String service, int status, String document) {
        super(service + " refused the call: " + status + ' ' + document);
    }
}
