/** The database: connections, migrations, transactions and retention. */
@NullMarked
package com.example.shop.chassis.database;

import org.jspecify.annotations.NullMarked;
