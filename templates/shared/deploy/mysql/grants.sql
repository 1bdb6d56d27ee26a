-- Each context keeps its tables in a schema of its own, which to MySQL is a database.
GRANT ALL PRIVILEGES ON `identity`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `catalog`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `inventory`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `cart`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `orders`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `payments`.* TO 'shop'@'%';
GRANT ALL PRIVILEGES ON `notifications`.* TO 'shop'@'%';
