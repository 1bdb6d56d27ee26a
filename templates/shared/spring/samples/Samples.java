package com.example.shop.app;

import java.util.List;

/** Sample products. */
final class Samples {

    /** A product; the price is in minor units. */
    record Sample(String sku, String name, String description, String category, long price) {}

    static final List<Sample> ALL = List.of(
            new Sample("CHAIR-OAK", "Oak chair", "A plain chair of solid oak.", "chairs", 12900),
            new Sample("CHAIR-ASH", "Ash chair", "Light, and lighter than it looks.", "chairs", 11900),
            new Sample("CHAIR-DESK", "Desk chair", "Five casters and a back that follows yours.", "chairs", 24900),
            new Sample("STOOL-BEECH", "Beech stool", "Three legs, so that it never wobbles.", "chairs", 4900),
            new Sample("TABLE-OAK", "Oak table", "Seats six, eight among friends.", "tables", 59900),
            new Sample("TABLE-SIDE", "Side table", "For the book, the lamp and the tea.", "tables", 8900),
            new Sample("DESK-SIT", "Desk", "Two drawers and a place for cables.", "tables", 34900),
            new Sample("DESK-LIFT", "Standing desk", "Goes up and down, quietly.", "tables", 54900),
            new Sample("LAMP-DESK", "Desk lamp", "Warm light on a long arm.", "lamps", 6900),
            new Sample("LAMP-FLOOR", "Floor lamp", "Reads over your shoulder.", "lamps", 13900),
            new Sample("LAMP-NIGHT", "Night light", "Just enough to find the door.", "lamps", 1990),
            new Sample("SHELF-WALL", "Wall shelf", "Holds forty books or one cat.", "shelves", 3900),
            new Sample("SHELF-TALL", "Tall shelf", "Five boards up to the ceiling.", "shelves", 15900),
            new Sample("BOX-FELT", "Felt box", "For everything without a place.", "shelves", 1490),
            new Sample("RUG-WOOL", "Wool rug", "Two meters by three, woven by hand.", "textiles", 39900),
            new Sample("BLANKET-WOOL", "Wool blanket", "For evenings that end on the sofa.", "textiles", 7900),
            new Sample("CUSHION-BLUE", "Blue cushion", "Filled with feathers.", "textiles", 2490),
            new Sample("MUG-BLUE", "Blue mug", "A third of a liter.", "kitchen", 1290),
            new Sample("TEAPOT-IRON", "Iron teapot", "Keeps a liter of tea hot.", "kitchen", 5490),
            new Sample("BOARD-OAK", "Oak cutting board", "Grows more beautiful with use.", "kitchen", 2990));

    private Samples() {}
}
