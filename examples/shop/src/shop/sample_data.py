"""A catalog to try the shop with: always the same products for the same numbers."""

from random import Random

from shop.catalog import Product


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BRANDS = _words(
    "Alder Birch Cedar Dogwood Elm Fir Gingko Hazel Ivy Juniper Katsura Larch Maple Nutmeg Oak Pine Quince"
    " Rowan Spruce Teak Umber Viburnum Willow Yew Zelkova"
)
QUALITIES = _words("compact folding heavy light quiet robust round slim soft sturdy tall warm wide woven")
MATERIALS = _words("bamboo brass canvas ceramic copper cork cotton glass leather linen oak steel wool")
THINGS = {
    "garden": _words("basket bench bucket hose lantern rake shears spade trowel wheelbarrow"),
    "kitchen": _words("bowl cup kettle knife pan plate pot spoon teapot tray"),
    "living": _words("armchair blanket bookshelf candle carpet cushion lamp shelf sofa vase"),
    "office": _words("chair clock desk drawer folder notebook organizer pencil ruler stapler"),
}
PLACES = _words(
    "balcony bathroom bedroom cellar corridor courtyard hall kitchen porch study terrace workshop"
)


def sample_products(count: int, *, seed: int = 1) -> list[Product]:
    """So many products with SKUs from P00000 on."""
    random = Random(seed)
    return [_product(f"P{number:05}", random) for number in range(count)]


def _product(sku: str, random: Random) -> Product:
    category = random.choice(list(THINGS))
    thing = random.choice(THINGS[category])
    material, other_material = random.sample(MATERIALS, 2)
    quality, other_quality = random.sample(QUALITIES, 2)
    return Product(
        sku=sku,
        title=f"{random.choice(BRANDS)} {quality} {material} {thing}",
        description=(
            f"A {other_quality} {thing} of {material} with parts of {other_material}, made for"
            f" {' and '.join(random.sample(PLACES, 2))}. Goes well with every"
            f" {random.choice(THINGS[category])} by {random.choice(BRANDS)}."
        ),
        category=category,
        price=random.randrange(250, 25_000),
    )
