package com.example.shop.chassis.database;

import java.sql.SQLException;
import org.springframework.dao.DataAccessResourceFailureException;

/** A table does not exist. The program is ready only with its tables, so this one has moved to another database. */
public class TableMissing extends DataAccessResourceFailureException {

    public TableMissing(SQLException failure) {
        super("A table has moved to another database", failure);
    }
}
