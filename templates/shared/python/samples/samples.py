"""Sample products and stock."""

UNITS = 100
# SKU, name, description, category, price in minor units.
PRODUCTS = (
    ("CHAIR-OAK", "Oak chair", "A plain chair of solid oak.", "chairs", 12900),
    ("CHAIR-ASH", "Ash chair", "Light, and lighter than it looks.", "chairs", 11900),
    ("CHAIR-DESK", "Desk chair", "Five casters and a back that follows yours.", "chairs", 24900),
    ("STOOL-BEECH", "Beech stool", "Three legs, so that it never wobbles.", "chairs", 4900),
    ("TABLE-OAK", "Oak table", "Seats six, eight among friends.", "tables", 59900),
    ("TABLE-SIDE", "Side table", "For the book, the lamp and the tea.", "tables", 8900),
    ("DESK-SIT", "Desk", "Two drawers and a place for cables.", "tables", 34900),
    ("DESK-LIFT", "Standing desk", "Goes up and down, quietly.", "tables", 54900),
    ("LAMP-DESK", "Desk lamp", "Warm light on a long arm.", "lamps", 6900),
    ("LAMP-FLOOR", "Floor lamp", "Reads over your shoulder.", "lamps", 13900),
    ("LAMP-NIGHT", "Night light", "Just enough to find the door.", "lamps", 1990),
    ("SHELF-WALL", "Wall shelf", "Holds forty books or one cat.", "shelves", 3900),
    ("SHELF-TALL", "Tall shelf", "Five boards up to the ceiling.", "shelves", 15900),
    ("BOX-FELT", "Felt box", "For everything without a place.", "shelves", 1490),
    ("RUG-WOOL", "Wool rug", "Two meters by three, woven by hand.", "textiles", 39900),
    ("BLANKET-WOOL", "Wool blanket", "For evenings that end on the sofa.", "textiles", 7900),
    ("CUSHION-BLUE", "Blue cushion", "Filled with feathers.", "textiles", 2490),
    ("MUG-BLUE", "Blue mug", "A third of a liter.", "kitchen", 1290),
    ("TEAPOT-IRON", "Iron teapot", "Keeps a liter of tea hot.", "kitchen", 5490),
    ("BOARD-OAK", "Oak cutting board", "Grows more beautiful with use.", "kitchen", 2990),
)
