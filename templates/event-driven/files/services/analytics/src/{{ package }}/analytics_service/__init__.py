"""Analytics service: sales and product views in real time."""
