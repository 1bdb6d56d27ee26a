package com.example.shop.analytics;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All windows at one time, by event time; the oldest value comes first. Amounts are in minor units of the currency.
 *
 * @param ordersPerSecond the last 60 whole seconds; orders count when they are placed
 * @param revenuePerMinute the last 60 minutes, with the current one; orders count when they are confirmed
 * @param refunded the total of the orders that were cancelled in those minutes
 */
record Summary(
        LocalDateTime time,
        String currency,
        long[] ordersPerSecond,
        long[] revenuePerMinute,
        long refunded,
        List<TopProduct> topProducts,
        Conversion conversion) {

    /** The sales of one product in the last hour. */
    record TopProduct(String sku, long units, long revenue) {}

    /**
     * Confirmed orders per product view in the last hour; the rate is null if there are no views.
     *
     * <p>Views are counted instead of visitors, because they can be summed over partitions and minutes without
     * identifying anybody.
     */
    record Conversion(long views, long confirmed, @Nullable Double rate) {

        static Conversion of(long views, long confirmed) {
            return new Conversion(views, confirmed, views == 0 ? null : Double.valueOf((double) confirmed / views));
        }
    }
}
