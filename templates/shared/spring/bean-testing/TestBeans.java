package com.example.shop.chassis.database;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** The objects of several contexts, which Spring makes as in the shop, on a database for one test. */
public final class TestBeans {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    public TestBeans(TestDatabase database) {
        add(database.template);
        add(database.client);
        add(database.transactions);
    }

    /** Adds an object for the constructors of those made later, and returns it. */
    public <T> T add(T bean) {
        beans.registerSingleton(bean.getClass().getName(), bean);
        return bean;
    }

    /** Makes the object of a class; its constructor gets what was added or made before. */
    public <T> T make(Class<T> type) {
        return add(beans.createBean(type));
    }
}
