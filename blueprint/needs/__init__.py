"""What a team tells blueprint: traffic, data, consistency and its surroundings, with units."""
