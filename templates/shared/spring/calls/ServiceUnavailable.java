package com.example.shop.chassis.calls;

/** There is no response: the call may have had an effect, or still may. Unhandled, it is answered with 503. */
public class ServiceUnavailable extends RuntimeException {

    ServiceUnavailable(String service, String reason) {
        super(service + " is not responding (" + reason + ")", null, false, false);
    }

    /** The call did not reach the provider, and changed nothing. */
    public static class NotSent extends ServiceUnavailable {
        NotSent(String service, String reason) {
            super(service, reason);
        }
    }

    /** The call was not attempted: the circuit is open, too many calls are in progress, or the deadline has passed. */
    static class CallRejected extends NotSent {
        CallRejected(String service, String reason) {
            super(service, reason);
        }
    }
}
